"""Attendance reports as Teams and Zoom write them, of a session from 9:30 to 16:30 on 3 March 2027."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

DAY = datetime(2027, 3, 3, 9, 30, tzinfo=ZoneInfo("Europe/London"))


def at(clock, style):
    """A moment of the day as the maker writes it in that country."""
    hour, minute = map(int, clock.split(":"))
    moment = DAY.replace(hour=hour, minute=minute, second=11)
    return {
        "teams-us": f"{moment.month}/{moment.day}/{moment:%y}, {moment:%I:%M:%S %p}".replace(", 0", ", "),
        "teams-uk": f"{moment:%d/%m/%Y}, {moment:%H:%M:%S}",
        "zoom-us": f"{moment:%m/%d/%Y %I:%M:%S %p}",
        "zoom-iso": f"{moment:%Y-%m-%d %H:%M:%S}",
    }[style]


def length(begins, ends):
    (a, b), (c, d) = (map(int, clock.split(":")) for clock in (begins, ends))
    return timedelta(minutes=(c * 60 + d) - (a * 60 + b))


def teams(*people, style="teams-us", sections=3, encoding="utf-16"):
    """people: (name, email, role, (joined, left), …); UTF-16LE with its mark and tabs, in three sections."""
    summary, times = [], []
    for name, email, role, *spans in people:
        whole = sum((length(*span) for span in spans), timedelta())
        said = f"{whole.seconds // 3600}h {whole.seconds % 3600 // 60}m {whole.seconds % 60}s"
        first, last = at(spans[0][0], style), at(spans[-1][1], style)
        summary.append([name, first, last, said, email, email, role])
        for joined, left in spans:
            minutes = length(joined, left).seconds // 60
            times.append([name, at(joined, style), at(left, style), f"{minutes // 60}h {minutes % 60}m", email, role])
    rows = [
        ["1. Summary"],
        ["Meeting title", "Level 3: Working Together"],
        ["Attended participants", str(len(people))],
        ["Start time", at("09:20", style)],
        ["End time", at("16:32", style)],
        ["Meeting duration", "7h 12m"],
        ["Average attendance time", "5h 1m"],
        [],
        ["2. Participants"],
        ["Name", "First Join", "Last Leave", "In-Meeting Duration", "Email", "Participant ID (UPN)", "Role"],
        *summary,
    ]
    if sections == 3:
        heads = ["Name", "Join Time", "Leave Time", "Duration", "Email", "Role"]
        rows += [[], ["3. In-Meeting Activities"], heads, *times]
    return "\r\n".join("\t".join(row) for row in rows).encode(encoding)


def zoom(*people, style="zoom-us", host="", encoding="utf-8-sig"):
    """people: (name, email, guest, waiting, (joined, left), …); commas, one line a join; with a head if host."""
    lines = []
    if host:
        lines += ["Meeting ID,Topic,Start Time,End Time,User Email,Duration (Minutes),Participants"]
        lines += [f"812 3456 7890,Working Together,{at('09:20', style)},{at('16:32', style)},{host},432,9", ""]
    lines += ["Name (original name),Email,Join time,Leave time,Duration (minutes),Guest,In waiting room"]
    for name, email, guest, waiting, *spans in people:
        written = f'"{name}"' if "," in name else name
        for joined, left in spans:
            minutes = length(joined, left).seconds // 60
            lines.append(f"{written},{email},{at(joined, style)},{at(left, style)},{minutes},{guest},{waiting}")
    return "\r\n".join([*lines, ""]).encode(encoding)
