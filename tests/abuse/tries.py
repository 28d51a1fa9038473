"""A web process of its own that tries passwords: python -m tests.abuse.tries ADDRESS HOW_OFTEN."""

import sys

import django

if __name__ == "__main__":
    django.setup()

from django.test import Client


def tried(address, how_often):
    client = Client(headers={"host": "localhost"})
    login = {"login": address, "password": "something else"}
    answers = [client.post("/accounts/login/", login).content.decode() for _ in range(how_often)]
    return sum("too many tries" not in answer for answer in answers)


if __name__ == "__main__":
    sys.stdout.write(str(tried(sys.argv[1], int(sys.argv[2]))))
