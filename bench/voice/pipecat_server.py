"""A voice server that Plimsoll did not write: pipecat, as its own Twilio examples put it together.

Deepgram hears, OpenAI's chat completions answer and Deepgram or ElevenLabs speaks; all three are found at the
address that OPENAI_BASE_URL begins with, where Plimsoll plays them. POST /voice answers with TwiML, /media takes the stream.
"""

import os
import sys

import uvicorn
from fastapi import FastAPI, Request, Response, WebSocket
from loguru import logger
from pipecat.audio.vad.silero import SileroVADAnalyzer
from pipecat.audio.vad.vad_analyzer import VADParams
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineParams, PipelineWorker
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.processors.aggregators.llm_response_universal import (
    LLMContextAggregatorPair,
    LLMUserAggregatorParams,
)
from pipecat.runner.utils import parse_telephony_websocket
from pipecat.serializers.twilio import TwilioFrameSerializer
from pipecat.services.deepgram.stt import DeepgramSTTService
from pipecat.services.deepgram.tts import DeepgramTTSService
from pipecat.services.elevenlabs.tts import ElevenLabsTTSService
from pipecat.services.openai.llm import OpenAILLMService
from pipecat.transports.websocket.fastapi import (
    FastAPIWebsocketParams,
    FastAPIWebsocketTransport,
)
from pipecat.turns.user_stop import SpeechTimeoutUserTurnStopStrategy
from pipecat.turns.user_turn_strategies import UserTurnStrategies
from pipecat.workers.runner import WorkerRunner

PROVIDER = os.environ["OPENAI_BASE_URL"].removesuffix("/v1")
WEBSOCKETS = PROVIDER.replace("http", "ws", 1)
VOICE = os.environ.get("PIPECAT_VOICE", "deepgram")
SAMPLE_RATE = 8000
# Silence that ends the caller's speech, seconds: the analyzer's, then the strategy's.
END_OF_SPEECH = 0.2
AFTER_SPEECH = 0.4

logger.remove()
logger.add(sys.stderr, level=os.environ.get("PIPECAT_LOG", "ERROR"))
app = FastAPI()


@app.get("/")
def health():
    return {"status": "ok"}


@app.post("/voice")
async def voice(request: Request):
    host = request.headers["host"]
    twiml = f'<Response><Connect><Stream url="ws://{host}/media"/></Connect></Response>'
    return Response(f'<?xml version="1.0" encoding="UTF-8"?>{twiml}', media_type="text/xml")


def speech():
    if VOICE == "elevenlabs":
        return ElevenLabsTTSService(
            api_key="any",
            url=WEBSOCKETS,
            settings=ElevenLabsTTSService.Settings(voice="voice", model="eleven_flash_v2_5"),
        )
    return DeepgramTTSService(api_key="any", base_url=WEBSOCKETS)


@app.websocket("/media")
async def media(websocket: WebSocket):
    await websocket.accept()
    _, call = await parse_telephony_websocket(websocket)
    serializer = TwilioFrameSerializer(
        stream_sid=call["stream_id"],
        call_sid=call["call_id"],
        params=TwilioFrameSerializer.InputParams(auto_hang_up=False),
    )
    transport = FastAPIWebsocketTransport(
        websocket=websocket,
        params=FastAPIWebsocketParams(
            audio_in_enabled=True,
            audio_out_enabled=True,
            add_wav_header=False,
            serializer=serializer,
        ),
    )
    context = LLMContext()
    aggregators = LLMContextAggregatorPair(
        context,
        user_params=LLMUserAggregatorParams(
            vad_analyzer=SileroVADAnalyzer(params=VADParams(stop_secs=END_OF_SPEECH)),
            user_turn_strategies=UserTurnStrategies(
                stop=[SpeechTimeoutUserTurnStopStrategy(user_speech_timeout=AFTER_SPEECH)]
            ),
        ),
    )
    pipeline = Pipeline(
        [
            transport.input(),
            DeepgramSTTService(api_key="any", base_url=WEBSOCKETS),
            aggregators.user(),
            OpenAILLMService(
                api_key="any",
                base_url=f"{PROVIDER}/v1",
                settings=OpenAILLMService.Settings(
                    model="played", system_instruction="You answer the telephone of a practice."
                ),
            ),
            speech(),
            transport.output(),
            aggregators.assistant(),
        ]
    )
    worker = PipelineWorker(
        pipeline,
        params=PipelineParams(
            audio_in_sample_rate=SAMPLE_RATE,
            audio_out_sample_rate=SAMPLE_RATE,
        ),
    )

    @transport.event_handler("on_client_disconnected")
    async def gone(_transport, _client):
        await worker.cancel()

    runner = WorkerRunner(handle_sigint=False)
    await runner.add_workers(worker)
    await runner.run()


uvicorn.run(
    app,
    host="127.0.0.1",
    port=int(os.environ.get("PORT", "4777")),
    log_level="error",
    ws_ping_interval=None,
)
