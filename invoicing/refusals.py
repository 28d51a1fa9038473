"""What invoicing refuses, each with the sentence that the person reads."""


class InvoicingRefused(Exception):
    """The reason why nothing was changed."""


class AlreadyDecided(InvoicingRefused):
    """Somebody else was first, or the charge is past the point at which it can be decided."""


class NoticeStillRunning(InvoicingRefused):
    """The delegate may still answer."""


class AnswerTooLate(InvoicingRefused):
    """The last day for an answer is over."""


class NoSeller(InvoicingRefused):
    """Nobody has said yet who issues the invoices."""


class NotInvoiced(InvoicingRefused):
    """The charge is not on an invoice, so there is nothing to take back."""


class RegisterOpen(InvoicingRefused):
    """Nothing is certain until the register is closed."""


class WrongGround(InvoicingRefused):
    """Why it is credited does not fit what the registers say."""
