"""Why a form is not taken, each in a sentence for the delegate."""


class AnswerRefused(Exception):
    """The answers were not kept."""


class AlreadyAnswered(AnswerRefused):
    pass


class NotAsked(AnswerRefused):
    """The registers are not closed, the delegate did not come, or the answers came with a workbook."""


class Closed(AnswerRefused):
    pass
