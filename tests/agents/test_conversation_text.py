"""A transcript as text: every step is there, nothing of it is obeyed by a terminal."""

from __future__ import annotations

from bot.agent.conversation_text import call_lines, conversation_lines
from bot.devtools.local_model import Script, end
from tests.agents.samples import calling, proposal, review, session, stage
from tests.artefacts.blueprints import tiny


async def test_each_step_says_who_speaks_and_what() -> None:
    """Documents by title and size, thoughts, calls with their size, results, the final answer."""
    run = session()
    script = Script(lambda _: end(review()), {0: [calling("read_findings")], 1: [proposal(tiny())]})
    async with stage(script) as (_, claude):
        await claude.design(run)
    lines = list(conversation_lines(await run.steps()))
    heads = [line for line in lines if not line.startswith(" ")]
    assert heads == [
        "1. task",
        "2. model → tool_use",
        "3. results",
        "4. model → tool_use",
        "5. results",
        "6. model → end_turn",
    ]
    text = "\n".join(lines)
    assert "document eipas:answers (" in text and "is refused: Nothing was proposed yet." in text
    assert "calls propose_blueprint (" in text and 'says: {"strengths"' in text
    costs = list(call_lines(list(run.calls.values())))
    assert len(costs) == 3 and costs[0].startswith("1. tool_use: $") and "output_tokens" in costs[0]


def test_words_are_shown_and_not_obeyed() -> None:
    """Escape sequences of people or models reach no terminal; long texts are cut unless all is wanted."""
    steps = [{"role": "user", "kind": "task", "content": [{"type": "text", "text": "\x1b[2J" + "word " * 500}]}]
    cut, full = "\n".join(conversation_lines(steps)), "\n".join(conversation_lines(steps, full=True))
    assert "\x1b" not in cut + full and "characters)" in cut and len(full) > len(cut)
    assert list(call_lines([None])) == ["1. sent, no answer: its estimate stands"]
