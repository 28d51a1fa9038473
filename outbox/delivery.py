"""Sending the messages that wait, by Django's mail backend."""

import logging
import smtplib
import threading
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from outbox import claims, kept, letter, sender, templates, trace
from outbox.models import Message
from outbox.sender import Sender

log = logging.getLogger(__name__)

BATCH = 20
# Longer than one message can take, with each answer of the server just within EMAIL_TIMEOUT.
LEASE = timedelta(minutes=5)
# The messages further back in a batch are held on to when those before them take this long.
SLOW = timedelta(minutes=1)

# A slow mail server keeps one of the worker's threads waiting, never all of them.
_one_sender = threading.Semaphore(1)


def send_waiting() -> None:
    """Send every message that is due; stop when the mail server does not work."""
    # Asked again after the turn is given back: a message may have come since the last look, and its own wake-up have
    # found the sender busy.
    while claims.is_any_due(Message) and _one_sender.acquire(blocking=False):
        try:
            if not _send_batch():
                return
        finally:
            _one_sender.release()


def _send_batch() -> bool:
    """Whether to go on with another."""
    batch = claims.claim(Message, most=BATCH, lease=LEASE)
    mail_server: BaseEmailBackend = get_connection()
    try:
        mail_server.open()
        return bool(batch) and _send_all(batch, mail_server)
    except OSError as error:  # which all of smtplib's are
        _put_back(batch, f"The mail server cannot be reached ({type(error).__name__}).")
        return False
    finally:
        _close(mail_server)


def _send_all(batch: list[Message], mail_server: BaseEmailBackend) -> bool:
    """Whether the mail server worked to the end; what it left is put back."""
    held_at, from_whom = timezone.now(), sender.current()
    for position, message in enumerate(batch):
        if timezone.now() - held_at > SLOW:
            held_at = timezone.now()
            for waiting in batch[position:]:
                claims.prolong(waiting, LEASE)
        if not send(message, mail_server, from_whom):
            _put_back(batch[position + 1 :], "The mail server failed in the middle of other messages.")
            return False
    return True


def send(message: Message, mail_server: BaseEmailBackend, from_whom: Sender) -> bool:
    """Send one message and mark it; whether the mail server is fit for the next."""
    with trace.of(message):
        return _send(message, mail_server, from_whom)


def _send(message: Message, mail_server: BaseEmailBackend, from_whom: Sender) -> bool:
    try:
        text = templates.make(message.template, message.reference)
        files = templates.attachments(message.template, message.reference, message.to)
        email = as_email(message, text, files, from_whom)
    except templates.NoLongerNeeded as reason:
        claims.drop(message, str(reason))
        return True
    except templates.NotYet as reason:
        claims.put_off(message, str(reason))
        return True
    except Exception as error:  # one app's mistake holds up no other's messages
        log.warning("The text of message %s could not be made.\n%s", message.key, claims.trail(error))
        _fail(message, f"Its text could not be made: {claims.described(error)}.")
        return True
    return _hand_over(message, text, email, mail_server)


def _hand_over(
    message: Message, text: templates.Text, email: EmailMultiAlternatives, mail_server: BaseEmailBackend
) -> bool:
    try:
        mail_server.send_messages([email])
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError) as refusal:
        return _note_refusal(message, answer_code(refusal))
    except (smtplib.SMTPSenderRefused, smtplib.SMTPNotSupportedError) as error:
        # Our own address is refused, or what we ask of the server: no message's fault.
        _put_back([message], f"The mail server does not take our mail ({type(error).__name__}).")
        return False
    except OSError as error:
        # Maybe it was this message that the server could not bear: counted, else it would hold up the rest for ever.
        _fail(message, f"The mail server failed in the middle of it ({type(error).__name__}).")
        return False
    except Exception as error:  # an address that cannot be one
        _fail(message, f"It cannot be made into an e-mail: {claims.described(error)}.")
        return True
    kept.finish(message, text)
    return True


def as_email(
    message: Message, text: templates.Text, files: list[templates.Attachment], from_whom: Sender
) -> EmailMultiAlternatives:
    host = urlsplit(settings.SITE_URL).hostname
    headers = {
        # From the row, so that a repeat after a crash is recognised as one.
        "Message-ID": f"<{message.pk}@{host}>",
        # No "out of office" in answer (RFC 3834); Exchange asks for it in its own way.
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "OOF, AutoReply",
    }
    reply_to = [from_whom.reply_to] if from_whom.reply_to else []
    email = EmailMultiAlternatives(text.subject, text.body, to=[message.to], reply_to=reply_to, headers=headers)
    email.attach_alternative(letter.page(text, from_whom.name), "text/html")
    for file in files:
        if file.is_alternative:
            email.attach_alternative(file.content, file.kind)
        email.attach(file.name, file.content, file.kind)
    return email


def answer_code(refusal: smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError) -> int:
    """The server's answer, such as 550; its text is not kept, as it repeats the address."""
    if isinstance(refusal, smtplib.SMTPDataError):
        return int(refusal.smtp_code)
    return min(code for code, _ in refusal.recipients.values())


def _note_refusal(message: Message, code: int) -> bool:
    """4xx means not now, 5xx means never (RFC 5321, 4.2.1); 421 that the server is closing down."""
    if code == 421:
        _put_back([message], "The mail server is closing down (421).")
        return False
    if code < 500:
        _fail(message, f"The mail server does not take it now ({code}).")
    else:
        log.warning("Message %s is given up: the mail server refuses it (%s).", message.key, code)
        claims.give_up(message, f"The mail server refuses the address or the message ({code}).")
    return True


def _fail(message: Message, error: str) -> None:
    log.warning("Message %s was not sent. %s", message.key, error)
    claims.fail(message, error)


def _put_back(messages: list[Message], error: str) -> None:
    if messages:
        log.warning("%s messages wait. %s", len(messages), error)
    for message in messages:
        claims.put_back(message, error)


def _close(mail_server: BaseEmailBackend) -> None:
    try:
        mail_server.close()
    except OSError as error:  # a server that has gone needs no farewell
        log.info("The mail server was not left in order (%s).", type(error).__name__)
