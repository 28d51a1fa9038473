"""Where a worry about a child, an adult, a trainer or a delegate goes: never into an evaluation."""

from django.conf import settings

HEADING = "If a child or adult is at risk now, or something a trainer or delegate did or said worries you: not here"


def sentences() -> list[str]:
    """What to do instead; where a number is not set up, who has it."""
    front_door, lado = settings.FRONT_DOOR_PHONE, settings.LADO_PHONE
    return [
        "In immediate danger: call 999.",
        f"A child or adult at risk: call the front door on {front_door}."
        if front_door
        else "A child or adult at risk: call your council’s front door. Its number is not set up on this site; your "
        "agency’s safeguarding lead has it, and so has the council’s website.",
        f"Someone who works with children: call the local authority designated officer (LADO) on {lado}."
        if lado
        else "Someone who works with children: ask your agency’s safeguarding lead for the local authority designated "
        "officer (LADO), whose number is not set up on this site.",
    ]
