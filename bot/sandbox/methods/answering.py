"""Answers to presses and to inline queries."""

from bot.sandbox import keyboards
from bot.sandbox.acts import inline_content
from bot.sandbox.methods.call import Call
from bot.sandbox.refusals import Json, bad

ANSWER_MAX = 200
RESULTS_MAX = 50
ID_BYTES = 64
START_PARAMETER_MAX = 64
DAY_S = 86400
KINDS = frozenset(
    {
        "article", "audio", "contact", "game", "document", "gif", "location", "mpeg4_gif", "photo",
        "venue", "video", "voice", "sticker",
    }
)  # fmt: skip


def answer_callback_query(call: Call) -> bool:
    args = call.args
    text = args.text("text")
    if len(text) > ANSWER_MAX:
        raise bad("MESSAGE_TOO_LONG")
    answer: Json = {"text": text, "show_alert": args.flag("show_alert"), "url": args.text("url")}
    query = call.account.answer_query(
        args.text("callback_query_id"), answer, call.world.clock.timestamp()
    )
    chat_id = query.chat.id if query.chat else query.user.id
    call.world.events.tell("answer", id=query.id, chat=chat_id, bot=call.account.id, **answer)
    return True


def answer_inline_query(call: Call) -> bool:
    args = call.args
    results = call.json("results", "Can't parse JSON encoded inline query results")
    results = [] if results is None else results
    if not isinstance(results, list):
        raise bad("Expected an Array of inline query results")
    if len(results) > RESULTS_MAX:
        raise bad("Too many inline query results specified")
    for result in results:
        _check_result(result)
    if len({str(result["id"]) for result in results}) < len(results):
        raise bad("RESULT_ID_DUPLICATE")
    next_offset = args.text("next_offset")
    if len(next_offset.encode()) > ID_BYTES:
        raise bad("NEXT_OFFSET_INVALID")
    answer: Json = {
        "results": results,
        "cache_time": args.clamped("cache_time", 300, 0, DAY_S),
        "is_personal": args.flag("is_personal"),
        "next_offset": next_offset,
    }
    button = _button(call)
    if button is not None:
        answer["button"] = button
    call.account.answer_query(args.text("inline_query_id"), answer, call.world.clock.timestamp())
    return True


def _check_result(result: object) -> None:
    failed = "Can't parse inline query result: "
    if not isinstance(result, dict):
        raise bad(failed + "Inline query result must be an object")
    missing = [name for name in ("type", "id") if not isinstance(result.get(name), (str, int))]
    if missing:
        raise bad(failed + f'Can\'t find field "{missing[0]}"')
    if result["type"] not in KINDS:
        raise bad(failed + f'type "{result["type"]}" is unsupported for the inline query result')
    if not 1 <= len(str(result["id"]).encode()) <= ID_BYTES:
        raise bad("RESULT_ID_INVALID")
    if result["type"] == "article":
        _check_article(result)
    if isinstance(result.get("input_message_content"), dict):
        inline_content(result)
    markup = keyboards.inline(keyboards.parse(result.pop("reply_markup", None)))
    if markup is not None:
        result["reply_markup"] = markup


def _check_article(result: Json) -> None:
    failed = "Can't parse inline query result: "
    if not result.get("title"):
        raise bad(failed + 'Can\'t find field "title"')
    if not isinstance(result.get("input_message_content"), dict):
        raise bad(failed + "Input message content is not specified")


def _button(call: Call) -> Json | None:
    button = call.json("button", "Can't parse inline query results button JSON object")
    if button is None:
        return None
    failed = "Can't parse inline query results button: "
    if not isinstance(button, dict):
        raise bad(failed + "InlineQueryResultsButton must be an Object")
    if not isinstance(button.get("text"), str):
        raise bad(failed + 'Can\'t find field "text"')
    start = button.get("start_parameter")
    if start is None and button.get("web_app") is None:
        raise bad(failed + "InlineQueryResultsButton must have exactly one optional field")
    if start is not None and not keyboards.is_start_parameter(str(start)):
        raise bad("START_PARAM_INVALID")
    return button
