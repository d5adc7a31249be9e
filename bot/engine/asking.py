"""Asks a question; then in other words; offers numbers; and at last a person. Never the same sentence three times."""

from dataclasses import replace

from bot.contract import Json
from bot.engine.saying import Pick, question_picks, say, text_of
from bot.engine.settling import arrive, settle
from bot.engine.turn import Turn
from bot.language.models import CollectStep

_REJECTION = {
    "bool": "utter_boolean_slot_rejection",
    "float": "utter_float_slot_rejection",
    "categorical": "utter_categorical_slot_rejection",
    "strict_categorical": "utter_categorical_slot_rejection",
}


def ask(turn: Turn, node: CollectStep) -> None:
    """Asks the question of the top frame, as written, and waits."""
    frame = turn.stack[-1]
    # after a question of its own, a pattern does not leave the person to remember the one below
    turn.put(replace(frame, waiting=True, then="ask"))
    arrive(turn, turn.path())
    settle(turn)
    turn.asked_now = True
    turn.silences = 0
    if node.slot in turn.skipped:
        turn.skipped.remove(node.slot)
    speak(turn, node)


def speak(turn: Turn, node: CollectStep) -> None:
    """The words of a question, or the action that asks it."""
    if node.ask_action:
        turn.act(node.ask_action)
    elif node.utter in turn.flows.responses:
        say(turn, node.utter, turn.stack[-1].context, question_picks(turn, node))


def unclear(turn: Turn, node: CollectStep) -> None:
    """The answer was not understood. 1. Other words. 2. Numbers, or an example. 3. A person."""
    turn.misses += 1
    if turn.misses == 1:
        _other_words(turn, node)
    else:
        _later_misses(turn, node)


def refuse(turn: Turn, node: CollectStep, utter: str, value: Json) -> None:
    """The answer was understood and cannot be taken: says why, then asks again, each time more plainly."""
    turn.misses += 1
    if turn.misses < 3 and utter:
        say(turn, utter, {"value": value})
    if turn.misses == 1:
        speak(turn, node)
    else:
        _later_misses(turn, node)


def _other_words(turn: Turn, node: CollectStep) -> None:
    again = _again(turn, node)
    if again:
        say(turn, again, turn.stack[-1].context, question_picks(turn, node))
        return
    say(turn, _REJECTION.get(turn.slot(node.slot).kind, "utter_unclear"))
    speak(turn, node)


def _again(turn: Turn, node: CollectStep) -> str:
    """The response that asks in other words; empty when there is none."""
    names = (
        turn.slot(node.slot).again,
        f"{node.utter}_again",
        f"utter_ask_{node.slot}_again",
        f"utter_again_{node.slot}",
    )
    return next((name for name in names if name in turn.flows.responses), "")


def _later_misses(turn: Turn, node: CollectStep) -> None:
    if turn.misses == 2:
        _offer(turn, node)
        return
    turn.misses = 0
    turn.hand_over("unclear")
    turn.push("pattern_cannot_handle", "pattern", "stay", {"reason": "unclear"})


def _offer(turn: Turn, node: CollectStep) -> None:
    """The choices by number, or an example of what can be sent."""
    slot = turn.slot(node.slot)
    picks = question_picks(turn, node) or [Pick(str(value).replace("_", " "), str(value)) for value in slot.values]
    if not picks:
        say(turn, f"utter_example_{slot.reader}")
    elif turn.has_buttons:
        say(turn, "utter_choices_buttons", picks=picks)
    else:
        say(
            turn,
            "utter_choices_many" if slot.many else "utter_choices",
            picks=picks,
            also=text_of(turn, "utter_zero_person"),
        )


def not_usable(turn: Turn) -> None:
    """The words start nothing: unclear at a question; else says so, and the third time in a row finds a person."""
    node = turn.question()
    if node is not None:
        unclear(turn, node)
        return
    context: dict[str, Json] = {"reason": "cannot_handle_default"}
    turn.misses += 1
    if turn.misses >= 3:
        turn.misses = 0
        turn.hand_over("unclear")
        context = {"reason": "unclear"}
    turn.push("pattern_cannot_handle", "pattern", "stay", context)
