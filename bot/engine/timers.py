"""Silence at a question: timers asked for, taken back, and what happens when one fires."""

from bot.contract import CancelTimer, SetTimer
from bot.engine.saying import say
from bot.engine.turn import Turn
from bot.language.models import CollectStep, Silence

NAME = "silence"


def _stages(turn: Turn, node: CollectStep) -> list[Silence]:
    """What silence at this question means on this channel, one after the other."""
    return [
        silence
        for silence in node.silences
        if turn.facts.channel in silence.channels
        and (silence.condition is None or silence.condition.test(turn.view, {}))
    ]


def settle_timer(turn: Turn) -> None:
    """Asks for the timer that the open question needs now, or takes the last one back."""
    node = turn.question()
    stages = _stages(turn, node)[turn.silences :] if node is not None and not turn.ended and not turn.hushed else []
    if stages:
        turn.asks += 1
        turn.timed = True
        turn.effects.append(SetTimer(NAME, stages[0].after, str(turn.asks)))
    elif turn.timed:
        turn.timed = False
        turn.effects.append(CancelTimer(NAME))


def fire(turn: Turn, name: str, fence: str) -> bool:
    """Does what the silence asks for; False when the timer is of an older question."""
    node = turn.question()
    if name != NAME or not turn.timed or fence != str(turn.asks) or node is None:
        return False
    stages = _stages(turn, node)[turn.silences :]
    turn.timed = False
    turn.silences += 1
    if stages:
        _do(turn, stages[0])
    return True


def _do(turn: Turn, silence: Silence) -> None:
    if silence.utter:
        say(turn, silence.utter)
    if silence.then == "pattern":
        turn.push("pattern_user_silence", "pattern", "stay")
    elif silence.then == "pause":
        turn.end_session("later")
    elif silence.then == "end":
        turn.end_session("done")
