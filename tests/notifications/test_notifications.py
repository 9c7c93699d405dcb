"""Notifications: listed, counted, read; the count in the books is the count of the rows."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from quart.typing import TestClientProtocol

from imperio.app import Casino
from imperio.core.jsonio import loads
from imperio.notifications.service import notify
from imperio.wallet.posting import Posting
from tests.support.players import Player
from tests.support.waiting import eventually

MakePlayer = Callable[..., Awaitable[Player]]


async def tell(casino: Casino, player_id: int, count: int = 1) -> None:
    """Some notifications, each in a posting of its own."""

    def build(posting: Posting) -> dict[str, Any]:
        notify(posting, "system_message", "A word", "From the house.", details={"n": 1})
        return {}

    for _ in range(count):
        await casino.ledgers.post(player_id, build)


async def counted(casino: Casino, player_id: int) -> tuple[int, int]:
    """The count in the books, and the rows'."""
    row = await casino.db.fetch_one(
        "SELECT b.notifications_unread AS kept,"
        " (SELECT count(*) FROM notifications n WHERE n.player_id = b.player_id AND NOT n.read) AS counted"
        " FROM books b WHERE b.player_id = :id",
        id=player_id,
    )
    assert row is not None
    return row["kept"], row["counted"]


async def get(client: TestClientProtocol, someone: Player, query: str = "") -> Any:
    response = await client.get(f"/api/v1/notifications{query}", headers=someone.headers)
    assert response.status_code == 200
    return await response.get_json()


async def test_the_list_is_newest_first_and_paged(
    casino: Casino, client: TestClientProtocol, player: MakePlayer
) -> None:
    someone = await player()
    await tell(casino, someone.id, 5)
    whole = await get(client, someone)
    ids = [it["id"] for it in whole["notifications"]]
    assert ids == sorted(ids, reverse=True) and len(ids) == 5
    assert whole["unread_count"] == 5 and whole["next_cursor"] is None
    assert set(whole["notifications"][0]) == {
        "id", "type", "title", "message", "icon", "details", "read", "created_at",
    }  # fmt: skip
    assert whole["notifications"][0]["details"] == {"n": 1} and whole["notifications"][0]["read"] is False

    paged, cursor = [], ""
    while True:
        page = await get(client, someone, f"?limit=2{cursor}")
        paged += [it["id"] for it in page["notifications"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert paged == ids


async def test_reading_one_counts_down_once(casino: Casino, client: TestClientProtocol, player: MakePlayer) -> None:
    someone = await player()
    await tell(casino, someone.id, 3)
    first = (await get(client, someone))["notifications"][0]["id"]
    for _ in range(2):
        answer = await client.post(f"/api/v1/notifications/{first}/read", headers=someone.headers)
        assert answer.status_code == 204
    assert await counted(casino, someone.id) == (2, 2)
    unread = await get(client, someone, "?unread_only=true")
    assert len(unread["notifications"]) == 2 and unread["unread_count"] == 2
    assert first not in [it["id"] for it in unread["notifications"]]


async def test_reading_all_says_how_many(casino: Casino, client: TestClientProtocol, player: MakePlayer) -> None:
    someone = await player()
    await tell(casino, someone.id, 3)
    for expected in (3, 0):
        answer = await client.post("/api/v1/notifications/read-all", headers=someone.headers)
        assert answer.status_code == 200 and await answer.get_json() == {"marked_count": expected}
    assert await counted(casino, someone.id) == (0, 0)


async def test_other_peoples_are_not_there(casino: Casino, client: TestClientProtocol, player: MakePlayer) -> None:
    owner, stranger = await player(), await player()
    await tell(casino, owner.id)
    theirs = (await get(client, owner))["notifications"][0]["id"]
    for id_ in (theirs, "0" * 32, "nonsense", "%00"):
        answer = await client.post(f"/api/v1/notifications/{id_}/read", headers=stranger.headers)
        assert answer.status_code == 404
    assert (await get(client, stranger))["notifications"] == []
    assert await counted(casino, owner.id) == (1, 1)


async def test_the_count_stays_exact_while_everything_happens_at_once(casino: Casino, player: MakePlayer) -> None:
    someone = await player()
    await tell(casino, someone.id, 10)
    listed = (await casino.notifications.list_notifications(someone.id, limit=50))["notifications"]
    reads = [casino.notifications.mark_read(someone.id, it["id"]) for it in listed for _ in range(2)]
    await asyncio.gather(*reads, *(tell(casino, someone.id) for _ in range(10)))
    assert await counted(casino, someone.id) == (10, 10)
    marked = await asyncio.gather(
        casino.notifications.mark_all_read(someone.id), casino.notifications.mark_all_read(someone.id)
    )
    assert sorted(marked) == [0, 10]
    assert await counted(casino, someone.id) == (0, 0)


async def test_every_change_is_told_with_the_count(casino: Casino, player: MakePlayer) -> None:
    someone = await player()
    heard: list[tuple[str, Any]] = []
    casino.live.hub.listen(f"notifications:{someone.id}", lambda event: heard.append((event.name, loads(event.data))))
    await tell(casino, someone.id, 2)
    newest = (await casino.notifications.list_notifications(someone.id, limit=1))["notifications"][0]
    await casino.notifications.mark_read(someone.id, newest["id"])
    await casino.notifications.mark_all_read(someone.id)
    await eventually(lambda: len(heard) >= 6)
    assert [name for name, _ in heard] == [
        "new_notification", "unread_count", "new_notification", "unread_count", "unread_count", "unread_count",
    ]  # fmt: skip
    assert heard[2][1] == newest
    assert [data["unread_count"] for name, data in heard if name == "unread_count"] == [1, 2, 1, 0]


async def test_the_daily_bonus_is_told_and_the_refill_is_not(
    casino: Casino, client: TestClientProtocol, player: MakePlayer
) -> None:
    someone = await player()
    await casino.wallet.claim_daily(someone.id, None, None)
    await casino.db.execute("UPDATE books SET balance = 5 WHERE player_id = :id", id=someone.id)
    await casino.wallet.refill(someone.id, None, None)
    listed = (await get(client, someone))["notifications"]
    assert [it["type"] for it in listed] == ["daily_bonus"]
    assert listed[0]["details"] == {"amount": 100, "streak": 1}


async def test_bad_queries_are_refused(client: TestClientProtocol, player: MakePlayer) -> None:
    someone = await player()
    for query in ("limit=0", "limit=201", "limit=x", "unread_only=perhaps", "cursor=forged", "colour=red"):
        response = await client.get(f"/api/v1/notifications?{query}", headers=someone.headers)
        assert response.status_code == 422, query
    assert (await client.get("/api/v1/notifications")).status_code == 401
    assert (await client.post("/api/v1/notifications/read-all")).status_code == 401


async def test_the_page_lists_and_its_forms_mark(
    casino: Casino, client: TestClientProtocol, player: MakePlayer
) -> None:
    someone = await player()
    html = {**someone.headers, "Accept": "text/html"}
    empty = await client.get("/notifications", headers=html)
    assert "All quiet" in (await empty.get_data()).decode()
    await tell(casino, someone.id, 2)
    page = (await (await client.get("/notifications", headers=html)).get_data()).decode()
    assert "2 are new." in page and page.count("A word") >= 2
    newest = (await casino.notifications.list_notifications(someone.id, limit=1))["notifications"][0]["id"]
    done = await client.post(f"/notifications/{newest}/read", headers=html)
    assert done.status_code == 303 and done.headers["Location"] == "/notifications"
    assert await counted(casino, someone.id) == (1, 1)
    await client.post("/notifications/read-all", headers=html)
    assert await counted(casino, someone.id) == (0, 0)
