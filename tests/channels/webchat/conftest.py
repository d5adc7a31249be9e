"""The routes in one process, with a house of cards behind them."""

import pytest
from starlette.testclient import TestClient

from channels.webchat import ChatSettings
from tests.channels.webchat.support import ImpatientHouse, make_client


@pytest.fixture
def house() -> ImpatientHouse:
    return ImpatientHouse()


@pytest.fixture
def client(house: ImpatientHouse) -> TestClient:
    return make_client(house, ChatSettings())


@pytest.fixture
def talking(client: TestClient) -> TestClient:
    """The same, with a talk begun."""
    client.post("/chat", data={"do": "start"})
    return client
