from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True


async def upgrade(db: BaseDBAsyncClient) -> str:
    return """
        CREATE TABLE "login_failures" (
    "subject" VARCHAR(300) NOT NULL PRIMARY KEY,
    "count" INT NOT NULL,
    "last_at" TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE "login_failures" IS 'Failed logins in a row for one account name or address: the soft lock''s memory, the same on every worker.';
CREATE TABLE "users" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "username" VARCHAR(32) NOT NULL,
    "username_key" VARCHAR(32) NOT NULL UNIQUE,
    "email" VARCHAR(254) NOT NULL,
    "email_key" VARCHAR(254) NOT NULL UNIQUE,
    "password_hash" VARCHAR(200) NOT NULL,
    "role" VARCHAR(16) NOT NULL,
    "status" VARCHAR(16) NOT NULL,
    "totp_secret" VARCHAR(64),
    "totp_last_step" BIGINT,
    "totp_enabled_at" TIMESTAMPTZ,
    "created_at" TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE "users" IS 'A person with a login. Coins and counters are in the wallet''s books, not here.';
CREATE TABLE "recovery_codes" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "code_hash" VARCHAR(64) NOT NULL UNIQUE,
    "used_at" TIMESTAMPTZ,
    "user_id" BIGINT NOT NULL REFERENCES "users" ("id") ON DELETE CASCADE
);
COMMENT ON TABLE "recovery_codes" IS 'A second factor on paper: the SHA-256 of a code that works once.';
CREATE TABLE "sessions" (
    "id" VARCHAR(32) NOT NULL PRIMARY KEY,
    "created_at" TIMESTAMPTZ NOT NULL,
    "seen_at" TIMESTAMPTZ NOT NULL,
    "expires_at" TIMESTAMPTZ NOT NULL,
    "revoked_at" TIMESTAMPTZ,
    "revoked_why" VARCHAR(32),
    "user_agent" VARCHAR(200) NOT NULL,
    "address" VARCHAR(64) NOT NULL,
    "user_id" BIGINT NOT NULL REFERENCES "users" ("id") ON DELETE CASCADE
);
COMMENT ON TABLE "sessions" IS 'One login: a family of rotating refresh tokens and the access tokens made from them.';
CREATE TABLE "refresh_tokens" (
    "token_hash" VARCHAR(64) NOT NULL PRIMARY KEY,
    "created_at" TIMESTAMPTZ NOT NULL,
    "used_at" TIMESTAMPTZ,
    "session_id" VARCHAR(32) NOT NULL REFERENCES "sessions" ("id") ON DELETE CASCADE
);
COMMENT ON TABLE "refresh_tokens" IS 'The SHA-256 of a refresh token. A used one that comes back revokes its session.';
CREATE TABLE "books" (
    "player_id" BIGINT NOT NULL PRIMARY KEY,
    "version" BIGINT NOT NULL,
    "balance" BIGINT NOT NULL,
    "at_stake" BIGINT NOT NULL,
    "ledger_seq" BIGINT NOT NULL,
    "ledger_head" VARCHAR(64) NOT NULL,
    "seed_pair_id" VARCHAR(32) NOT NULL,
    "next_seed_pair_id" VARCHAR(32) NOT NULL,
    "nonce" BIGINT NOT NULL,
    "rounds" BIGINT NOT NULL,
    "wins" BIGINT NOT NULL,
    "staked" BIGINT NOT NULL,
    "returned" BIGINT NOT NULL,
    "profit" BIGINT NOT NULL,
    "best_win" BIGINT NOT NULL,
    "best_payout" BIGINT NOT NULL,
    "best_stake" BIGINT NOT NULL,
    "streak" INT NOT NULL,
    "achievements" BIGINT NOT NULL,
    "notifications_unread" BIGINT NOT NULL,
    "coins_at" TIMESTAMPTZ NOT NULL,
    "profit_at" TIMESTAMPTZ NOT NULL,
    "wins_at" TIMESTAMPTZ NOT NULL,
    "day" DATE NOT NULL,
    "day_rounds" BIGINT NOT NULL,
    "day_wins" BIGINT NOT NULL,
    "day_profit" BIGINT NOT NULL,
    "day_coins" BIGINT NOT NULL,
    "day_coins_at" TIMESTAMPTZ NOT NULL,
    "day_profit_at" TIMESTAMPTZ NOT NULL,
    "day_wins_at" TIMESTAMPTZ NOT NULL,
    "week" DATE NOT NULL,
    "week_rounds" BIGINT NOT NULL,
    "week_wins" BIGINT NOT NULL,
    "week_profit" BIGINT NOT NULL,
    "week_coins" BIGINT NOT NULL,
    "week_coins_at" TIMESTAMPTZ NOT NULL,
    "week_profit_at" TIMESTAMPTZ NOT NULL,
    "week_wins_at" TIMESTAMPTZ NOT NULL,
    "bonus_day" DATE,
    "bonus_streak" INT NOT NULL,
    "refill_at" TIMESTAMPTZ
);
COMMENT ON TABLE "books" IS 'One player''s state of play, changed only by postings.';
CREATE TABLE "daily_figures" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "player_id" BIGINT NOT NULL,
    "day" DATE NOT NULL,
    "rounds" BIGINT NOT NULL,
    "net_profit" BIGINT NOT NULL,
    "balance" BIGINT NOT NULL,
    CONSTRAINT "uid_daily_figur_player__26ad55" UNIQUE ("player_id", "day")
);
COMMENT ON TABLE "daily_figures" IS 'A player''s day: rounds, net profit from games and the balance at its end.';
CREATE TABLE "idempotency_keys" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "player_id" BIGINT NOT NULL,
    "key" VARCHAR(128) NOT NULL,
    "fingerprint" VARCHAR(64) NOT NULL,
    "status" SMALLINT NOT NULL,
    "body" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL,
    CONSTRAINT "uid_idempotency_player__e87110" UNIQUE ("player_id", "key")
);
CREATE INDEX "idx_idempotency_created_944834" ON "idempotency_keys" ("created_at");
COMMENT ON TABLE "idempotency_keys" IS 'The first answer to a request that moved coins, kept to be given again.';
CREATE TABLE "outbox" (
    "id" VARCHAR(32) NOT NULL PRIMARY KEY,
    "created_at" TIMESTAMPTZ NOT NULL,
    "events" TEXT NOT NULL
);
COMMENT ON TABLE "outbox" IS 'Events that leave after the commit they were written with, and are told again if nobody did.';
CREATE TABLE "play_limits" (
    "player_id" BIGINT NOT NULL PRIMARY KEY,
    "daily_loss" BIGINT,
    "session_minutes" INT,
    "reality_check_minutes" INT,
    "pending" JSONB,
    "pending_from_at" TIMESTAMPTZ,
    "time_out_until_at" TIMESTAMPTZ
);
COMMENT ON TABLE "play_limits" IS 'What a player allows themselves. Tightening counts at once, loosening after 24 hours (`pending`).';
CREATE TABLE "ledger" (
    "id" VARCHAR(32) NOT NULL PRIMARY KEY,
    "player_id" BIGINT NOT NULL,
    "seq" BIGINT NOT NULL,
    "type" VARCHAR(16) NOT NULL,
    "game" VARCHAR(16),
    "amount" BIGINT NOT NULL,
    "balance_before" BIGINT NOT NULL,
    "balance_after" BIGINT NOT NULL,
    "reference_id" VARCHAR(32),
    "description" VARCHAR(200) NOT NULL,
    "details" JSONB NOT NULL,
    "row_hash" VARCHAR(64) NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL,
    CONSTRAINT "uid_ledger_player__88c593" UNIQUE ("player_id", "seq")
);
COMMENT ON TABLE "ledger" IS 'A line of the ledger. Nothing changes or removes one: triggers refuse it on both engines.';
CREATE TABLE "seed_pairs" (
    "id" VARCHAR(32) NOT NULL PRIMARY KEY,
    "player_id" BIGINT,
    "room_id" VARCHAR(32),
    "server_seed" VARCHAR(64) NOT NULL,
    "server_seed_hash" VARCHAR(64) NOT NULL,
    "client_seed" VARCHAR(64) NOT NULL,
    "last_nonce" BIGINT,
    "created_at" TIMESTAMPTZ NOT NULL,
    "revealed_at" TIMESTAMPTZ
);
CREATE INDEX "idx_seed_pairs_player__34eee7" ON "seed_pairs" ("player_id", "revealed_at");
CREATE INDEX "idx_seed_pairs_room_id_ac3d63" ON "seed_pairs" ("room_id");
COMMENT ON TABLE "seed_pairs" IS 'A server seed (secret until revealed) with its published hash, and the client seed beside it.';
CREATE TABLE "game_figures" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "player_id" BIGINT NOT NULL,
    "game" VARCHAR(16) NOT NULL,
    "rounds" BIGINT NOT NULL,
    "wins" BIGINT NOT NULL,
    "staked" BIGINT NOT NULL,
    "returned" BIGINT NOT NULL,
    "best_win" BIGINT NOT NULL,
    CONSTRAINT "uid_game_figure_player__496ef6" UNIQUE ("player_id", "game")
);
COMMENT ON TABLE "game_figures" IS 'A player''s life-time figures in one game.';
CREATE TABLE "rounds" (
    "id" VARCHAR(32) NOT NULL PRIMARY KEY,
    "player_id" BIGINT NOT NULL,
    "game" VARCHAR(16) NOT NULL,
    "status" VARCHAR(8) NOT NULL,
    "stake" BIGINT NOT NULL,
    "payout" BIGINT NOT NULL,
    "outcome" JSONB NOT NULL,
    "decisions" JSONB,
    "rules" VARCHAR(16) NOT NULL,
    "seed_pair_id" VARCHAR(32) NOT NULL,
    "server_seed_hash" VARCHAR(64) NOT NULL,
    "client_seed" VARCHAR(64) NOT NULL,
    "nonce" BIGINT NOT NULL,
    "table_round_id" VARCHAR(32),
    "created_at" TIMESTAMPTZ NOT NULL,
    "settled_at" TIMESTAMPTZ,
    CONSTRAINT "uid_rounds_seed_pa_a23c84" UNIQUE ("seed_pair_id", "nonce", "player_id")
);
CREATE INDEX "idx_rounds_player__171f76" ON "rounds" ("player_id", "id");
COMMENT ON TABLE "rounds" IS 'One player''s round, alone or at a table: everything needed to replay it.';
CREATE TABLE "notifications" (
    "id" VARCHAR(32) NOT NULL PRIMARY KEY,
    "player_id" BIGINT NOT NULL,
    "type" VARCHAR(32) NOT NULL,
    "title" VARCHAR(120) NOT NULL,
    "message" VARCHAR(500) NOT NULL,
    "icon" VARCHAR(32) NOT NULL,
    "details" JSONB NOT NULL,
    "read" BOOL NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL
);
CREATE INDEX "idx_notificatio_player__3ab996" ON "notifications" ("player_id", "id");
COMMENT ON TABLE "notifications" IS 'Something a player was told. `type`: achievement_unlocked, big_win, daily_bonus, system_message or promo.';
CREATE TABLE "unlocked_achievements" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "player_id" BIGINT NOT NULL,
    "type" VARCHAR(32) NOT NULL,
    "round_id" VARCHAR(32) NOT NULL,
    "unlocked_at" TIMESTAMPTZ NOT NULL,
    "seen_at" TIMESTAMPTZ,
    CONSTRAINT "uid_unlocked_ac_player__47bb73" UNIQUE ("player_id", "type")
);
COMMENT ON TABLE "unlocked_achievements" IS 'Once per player and type: the database refuses a second.';
CREATE TABLE "big_wins" (
    "round_id" VARCHAR(32) NOT NULL PRIMARY KEY,
    "player_id" BIGINT NOT NULL,
    "username" VARCHAR(32) NOT NULL,
    "game" VARCHAR(16) NOT NULL,
    "amount" BIGINT NOT NULL,
    "won_at" TIMESTAMPTZ NOT NULL
);
CREATE INDEX "idx_big_wins_won_at_f2ea28" ON "big_wins" ("won_at");
COMMENT ON TABLE "big_wins" IS 'A round that paid 500 coins or more and more than its stake. The id is the round''s, so the order is in time.';
CREATE TABLE "chat_messages" (
    "id" VARCHAR(32) NOT NULL PRIMARY KEY,
    "room" VARCHAR(48) NOT NULL,
    "player_id" BIGINT NOT NULL,
    "username" VARCHAR(32) NOT NULL,
    "message" VARCHAR(500) NOT NULL,
    "sent_at" TIMESTAMPTZ NOT NULL,
    "removed_at" TIMESTAMPTZ,
    "removed_by" BIGINT
);
CREATE INDEX "idx_chat_messag_room_d90c6f" ON "chat_messages" ("room", "id");
CREATE INDEX "idx_chat_messag_player__9927fe" ON "chat_messages" ("player_id", "id");
COMMENT ON TABLE "chat_messages" IS 'One message. Removed ones stay for the house to see, and are shown to nobody else.';
CREATE TABLE "chat_mutes" (
    "player_id" BIGINT NOT NULL PRIMARY KEY,
    "until_at" TIMESTAMPTZ NOT NULL,
    "reason" VARCHAR(200) NOT NULL,
    "muted_by" BIGINT NOT NULL
);
COMMENT ON TABLE "chat_mutes" IS 'A player who may read but not write until then.';
CREATE TABLE "chat_reports" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "message_id" VARCHAR(32) NOT NULL,
    "reporter_id" BIGINT NOT NULL,
    "reason" VARCHAR(200) NOT NULL,
    "reported_at" TIMESTAMPTZ NOT NULL,
    "closed_at" TIMESTAMPTZ,
    CONSTRAINT "uid_chat_report_message_d96b48" UNIQUE ("message_id", "reporter_id")
);
COMMENT ON TABLE "chat_reports" IS 'A player found a message wrong. Once per player and message.';
CREATE TABLE "chat_rooms" (
    "room" VARCHAR(48) NOT NULL PRIMARY KEY,
    "slow_seconds" INT NOT NULL
);
COMMENT ON TABLE "chat_rooms" IS 'What moderators set for a room. A room without a row has no slow mode.';
CREATE TABLE "announcements" (
    "id" VARCHAR(32) NOT NULL PRIMARY KEY,
    "title" VARCHAR(120) NOT NULL,
    "message" VARCHAR(500) NOT NULL,
    "level" VARCHAR(16) NOT NULL,
    "created_by" BIGINT,
    "created_at" TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE "announcements" IS '`level`: info or warning. The id is time-ordered. `created_by`: the operator, None for the command line.';
CREATE TABLE IF NOT EXISTS "aerich" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "version" VARCHAR(255) NOT NULL,
    "app" VARCHAR(100) NOT NULL,
    "content" JSONB NOT NULL
);"""


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
        DROP TABLE "announcements";
        DROP TABLE "chat_rooms";
        DROP TABLE "chat_reports";
        DROP TABLE "chat_mutes";
        DROP TABLE "chat_messages";
        DROP TABLE "big_wins";
        DROP TABLE "unlocked_achievements";
        DROP TABLE "notifications";
        DROP TABLE "rounds";
        DROP TABLE "game_figures";
        DROP TABLE "seed_pairs";
        DROP TABLE "ledger";
        DROP TABLE "play_limits";
        DROP TABLE "outbox";
        DROP TABLE "idempotency_keys";
        DROP TABLE "daily_figures";
        DROP TABLE "books";
        DROP TABLE "refresh_tokens";
        DROP TABLE "sessions";
        DROP TABLE "recovery_codes";
        DROP TABLE "users";
        DROP TABLE "login_failures";
    """


MODELS_STATE = (
    "eJztXW1z27ay/isYfUkyo3gSxXZyfD85qdPmNrE7sXPbOSdnaIiEJByTgEpAVjQ9/u8XC5"
    "ISSZE0Qb2YYvGh05jAktSzIPbZxWLxVy/gHvHF0Wc+puwjpv4sJL0z9FeP4QD+UdjeRz08"
    "na5a4YLEQ18L+NDTGUVddRMeChliV6rWEfYFUZc8ItyQTiXlDGTgxsRDWlQgyhBGIZ+jEQ"
    "8RZwRh1+UzJhG8E1LXsOepW4szJCcECT6SStK9eyZQQAIeLvrRdd2ZIXJPwgWa8/COhEfw"
    "Oh531ftQNt77k2eM/jkjjuRjovqF6vn/+re6TJlHfiio4j+nd86IEt/LqEHMhv8hCkLVrh"
    "sduZjqhg8THH7U3eGnDR2X+7OA5USmCznhbCmjfj5cHRNGQiyJl1IMm/l+rMnkUvTW6oIM"
    "Z2T5ut7qgkdGeOaDekE6eo3VtZ7jXF7dONcXN47TW1N9IpHSSXzJ5QyGDWVSaCQC/MPxCR"
    "vLifrzzatXD9GDVmhE3eCJ/3f+9cMv51+fq14v4JFcjb5ocF7GTYOo7UHfBEsc3UarYIW5"
    "Vv064p+YLAZ82T8HN42umsKdXFjhvfp69gH4GF7i5eD18dvjd29Oj9+pLvpFl1feVqjg0+"
    "WNRneFpo+FdHABnj8pTCQNSDGoKbEcrF4sd5T84wBBrkDw5tOXi+ub8y+/we0DIf70NVjn"
    "NxfQMtBXF7mrz09z4315E/T7p5tfEPyJ/nl1eaHh5EKOQ/3EVb+bf/bgnfBMcofxuaMmvB"
    "QmyeXk0gPMV6O71NcDF4bYvZvj0HPWWviAl/VdbwoGQf4KZnislQRownvG1ukrcTlMth/U"
    "n0XWK9Neab3CuKcagV5d63WOhJJinmp3pTYcaIqnJIysxPUv5y8HJ6eIj5Rtgbuqq1hqsy"
    "BUV5esG6Vt3HADW0O99Y/0PR2XzntR/8cnvdhctNfERDPePwaDN2/eDl69OX13cvz27cm7"
    "V8upb72pag58/+lnmAYzH2QyL1ZZHY84EywmJrY+I9Q5a396XMPYnx6X2npoyhqjmSBeA2"
    "OUEtuCMYoBtbZoO7Yop9/QMZ3HUkJdYnB7mM/WaEBWE+tq+MhDQsfsV7LQqvik3hsry1UA"
    "fWzBv8W3OTAVPCRjLLm6+uxDPF/a3vTQU79d/WIioxn//PrD+U8XvYen4lUj9VFObvgdYc"
    "W8KtX+CK/SPRUfUV1r8qqbPNmJb4L0TY7QOYL5WPvpmgG5PCACwS9XPe9VH+XQS6G4lBDq"
    "jus0awf334B16YcaG/6slLX8JZa/gm6FBKBpQAayktY5bTshsISvw/qNJ+FCzlcRIs1IbW"
    "f2fGrSl42TDuqESQflUdLBi2p6FyO4BYZ3vbrTgUFel+RlR1ubeF6CfQHFS6mlnN3Fv6wm"
    "r7tShEovuJwpzjXCAfUXwL9CLrFUOGdpmECYeTruhV1XPSa5GmCPoFHIA2gL1sndrh6y5b"
    "ha+dy0zTmpRYxuOzOSZXTW4hPl+JjrOCVmFdxqBZMfU6pu10DHWUmr5larOQqlNJmus5LW"
    "PzsELc8nCxMSlBNrxIZaptXd0KHc0oei+UWpK+VAZ6X25wn3enuBeVArX2hQkS80SPKFVk"
    "jHyWAmMKdEOofxTlZp7SqeXcV7chXsYRUvbSnzK2W5sR/Lf/z1K/GxjGMzxXjn1+c6gvvD"
    "LmNheowWBMKSsVseBQP1104Zm6q+nKE5lROEo0jVEfrAaRyL0rmkqgvCIYG0ZIhNzbGvRt"
    "QzgYac34k+YlyiCQkLE8i2fXubTtbiibtfEQ2DQan/bUgGExm7KFKTc8O/nTti5N7k5Wy0"
    "91GoSYCpb4LxUqCDI3lwUodzq17lbs3JGuvWgJmO5IxQ54bxTnCeYiHmXNEV05yfNcEuju"
    "xdOOwh943sYNJ/j6761MeLiGfuHuPXpzUgfp2PGq4QhqYswMr/kzOjgMhKYo8gK2pO78mh"
    "giy5nDqCuCExivDlxLoXSt1+/ElDpjegCUmmZl7MumyjaFTbEN+jT5PTA2EASZN1ogJxu1"
    "jU5sUim8HRWTUbbBhNh0TzmzI3CYlmt4Iepv7XQ6IFybAbItW9hMydxo3fQ9S0VxA4jhr6"
    "VZHj4bJLreTJyEl4JhCwZwJpjXClj9wJZmO9Y8VfoOECwQercBLF2ZHGd/nOvrNb9e3AqL"
    "hFIVXDLAowE+xOkm46vDyeKThhd8wRgk02mWjzHZlGcWUkeLSvBkpuzJQUFXqvzbffYHY6"
    "+858OiIvYZ5GIzqGYiJReQ13FoaESfTt5gPy8OJZFNH+dH2F5oRALY7n0Msn2CPhkMOLPE"
    "PC5Vpev6l+Z+hD9YKVVO+J5lh8ZyE0E+9FXMZDqr/v+mjGoMaHAkQ1UnJPAvVw9UyBhlQK"
    "aFbdPIiW0xF19TcVvdEcfhvcaMjZDLBihHibBtMjpRkvimbEtrMsamPrvfhbMFNFSsiuTz"
    "d2CYbYT5aa60OfErLQN4Yeg0uL7wyxT0tZ8BuDr1zYsZrIBfnTDP6snFXApgqYKJtvEn3L"
    "iXUwYr/98JtQfMmZYlpMd6p29WXlOgj29tdVGfmhZuiGiBcKW9jrwM6NWcxSxM7ijWdx7X"
    "AWxUcqcF/JWOAbAz+nhWGpCtgTCQt6Y9A18TaMGKxkLPDNpxkiZyEzhT4tZcFvDP405CNa"
    "sIJUGSdbyljgm8dmiJCOmrYNgzMpKQv+ZuBP8YLPDId+TtCqYDMVNAiRZeWsAjbgO7Bysw"
    "5+BdlJBLqE+tZKd6cXvgyjvjnJLsG750GdWWB0olVH08BB8R2sUhorxYUdVU3ylFJyNkup"
    "dVlK625EAx1nBK2SW63kebPPeG6/4gNRsIcLtjOBcosVG3evUmq3FApKytk2hYHTJE6elb"
    "PkojG5ACDN4+VpKQv+RuA3iSBm5awCNlKApsnm+C/FLPybw9+AFuVlLTdqOzdyGns5a8JW"
    "2a1XdkNvJydqFd1qRcNmCBOXJ+n/t/Z5AIRGTk9O0BKP5hlCgGSDNKG0mIV/M/ibOD45Qa"
    "uCzVTQwPXJylkFbEEBTWLCeWHLk1rPk5q7P+vSVt3tV3fT5Z6crFV1q1Wt9107his/GaEN"
    "faHDKRFT4ApFQBinUuXFukRDtpZQFZIR9f1GR16kBG0Ro7bNPgbVbXZZiuQnTP3Fx6hmRq"
    "+gIkmmvV9VmMSDns4o1bVOaeuksIiaRc+i2h5QTppIFBGl6ES1MYbTdJNz1+Kt+QhLfaYu"
    "YV5hVevt3bmgBse/smUywAb8u25dDlvk+ikLcbSnKko7DNX+1wpNKJZNrrEbUJ8ujZrIRu"
    "HNrJxVQPPdMbZyzz6hbwkl/eSRYMolYe7iV7IoIqW5HpW0lK76Qs35mswUStGNaCik4oZi"
    "TkIkOdSeI2pECBmVogv4PYHTUShTvFJXqlN9hgSN6T1hCI+VAtd56Rbv+zgrhRL7eVb6V2"
    "+lhXQJVOhGfkzDpBxkrKQY+HhkJh9ST3dWEOo/HizTtUzXzqB542V4KsZWz8N4asCzZe0H"
    "72qUwlG9ygvbQ1sW3ZF6PgmnITU7uzIn1kG0d1Bbq+SkhusA+35VUZDi0xoOeg55M3h7up"
    "w14I+qeeL6y/nnzwWslnsFM8ONMqhlYXKvO1NDVdj24o+bTMQ2GZTPv5z/8SITtf18dflz"
    "0j01iD98vnqf33Vp68PbCPpO3ZWrmRzyHxdMhoW+Srq50lHhumM99+TiXheW1v6CT/A9QX"
    "gkwZvQFbSDgOpq0gs0h9rZ85BK5f/oWtZ9HeuG2tqS+17kTSA6QozDLIM8WhBL3/XDtnxe"
    "ZLnx32atwRadOLatSoPlnoSdRDs7iWZO87svrtpRTk1WEpac1CQnLbFavykv/zNVc3fhqm"
    "+qtdJmQazA8VcdHzVcv0eHOEQxBqT8Bz4Hy0ICQfx7Io7QDR1PlP2A0yH0URACFmOhimkf"
    "+ZyLqCWyP4NjNOGzUKDnt1PCPNVw+2Ldeu3lifaUhkOK0ZQbuiiHwefCeCdpWs6e3tY0Zh"
    "afRuQElM1k0fFN5eGGdckOqWGL2WTYp3LhuBPi3jWAuVTegl1QVTSyEevw/u/11WXJtL4S"
    "yZNl6kr0X+RTcYDIVsAGWFQTqzyHyjFfuEE+6hPD6ECOV5NyTOviNoGyzZ4LaMDhM+ko/k"
    "abJMsW3sDqvG06b4nzdBNiJuBkaI3+mveUbq50n6KTXup5Tudq6mf66L3oyDqQPEKXXE60"
    "56IP4hOIhygkkEGgz8eD8UfHYzhOLySjmSBwfB1naMjhJD42VjcsOPBvp096PGsBzh3aKJ"
    "fWBgC3HgBsj5PaDoq4d7fI8Agve3bXppBrzAymlqR/J+KgufyN0zrpG3kqkMreOM1nFMCu"
    "CxNwk/6NwG0ZBds1tjiAIKbZdLGSsTPGpsnKzpCMeNgsZzklaxWxsSJ0zL6ZHpaiVg2N1a"
    "D8ABISQNOMpOflujfpb/9owPRrGUCdE+sgdxm8elUDa9WrFGzdlkdbYuoXhM3L47opkY3i"
    "um1De9+B3ZDPnQkWE6MJJSXTwSG+/YRfm+7TZLzbAGr9AOo1Id5vmIa9gujpsq1fFTpdni"
    "Bcu9SAIOE9CREIoueCqKEqkY72o5DcE+wT74XOWtRb/6ezoZqRJ6orzBz9ZYUA16eEyegm"
    "QyKoB4HOohDqDp/2nX1nFz/Ur/UXEHqFQO3tMtJ2q4VvQ84D/RcVSlweIdh4BkcvI30kMM"
    "jgVYkEwBF6UhaVQeD8rjRaW7WfLBPvS37nprvLYGZKPSP+ZfvbsGbDyd0JJ7fNLXiiA62j"
    "L8iIQi1FrDv2uDsWTf76lHsTlHNilqvW2Zy2wszYMSiStaDXcRA0LzEe3zkxC3UNqH0spK"
    "M5m5mtzMpZY9nUWFpfuFQhh+4LZ4PVK2fFUM85UZs01jY9tyTm8TOGEVRaaDHd3K+KfMBi"
    "eOMyiz4dkZcwDFF8B/D5IYgAd60so/i45OOpXXod39ZJbJGha6GP3jYz9zS8Y68pMq2DfM"
    "c5Mrai4lOdlmF+UIk9omRT0IXEd0WOemUC6VLGAr9BBoychcwU+rSUBb95FhgREg7gMAM/"
    "LWXBNwK/JW7WV7DTvQIHK2roV7lWKxv/uFN1pVyfpXOkBfsI+3o9NkS65IC+7Rki9yRcRH"
    "tnGCEe8aCeZ0hAtnDteFs3hmXiW4+4VK+P3kZ1eCYERRuTRLQEPPQV6P9R/0VP0j5d6JEQ"
    "Pb/9K+rYR8PFw+2L/0ET6nmEIVdpSOibMaJXuCUPiXpFKAH0nY04FFiIauvDwyDWK47QLZ"
    "9JlwdEr0fDdb3i7YL/WO46Lpf4Y29iFc1c+hiV1U0zrohdMT6AFTTrjbZoPrfe6J680bL6"
    "mhULl2W1NbsAcJ1iseWlYtcKxWpPpoHzY2eMjWaMKV4om284Wy9lLPCNgY+Z1jry5cnpKR"
    "GbnL5BcvqSbJuAnxGyNV822Bow84tKGVUktSUCHTSiO2ApOW+sfpJVVq6DYO80gdBmtdms"
    "ts5B3SChbbNcttYB/DRFLQANR0f6DGfxdUmbB/74NG6TB5uww4NIKstaaymb5Q5mJW3qYN"
    "u03JI1rUsu6Yi6uKzgXKa9X7XCxVI9ay50XfOARKtMyyracyz0kQ5H6BaUenuGsDuh5J4E"
    "wIRmzOfuHawJDekYFlP7KKqPrM977yOxEJIETkCEUD8XVrWmIQ/4+krY3p4MS2UfdF07D3"
    "HmL1CyEBVt0dQLVsmKnN4c2UfzCXUnUcFw3T5jasYGaQLVwTMwO1Fb7VLhdhHroM2/XcRq"
    "K/td2JJuO6O6kioiY4RuItBBeF8P6lSdUb0qTjxcqzoTWy0TjFMiHUT5pFZtn5OK2j4n67"
    "V9qGtWQinp30F8d1GmyhZOeqrVEcVAC2gH5z7BrCwRFRdRDkWA/W4B/v7q6nMG8Pef8oc3"
    "ffvy/kLN2Bp91YnKEo5hIz5NFGBjAfVjAd9iH/d85ff2CkICRd36VZGBxHd2Ug517VRYVz"
    "nIyltODtmC8kVKwWfaMwZ3aIgFiQvDC+XMC6LGRsFJk5vc6PHdh/pjsrsPW+SbWVe5Veqw"
    "rvJeWHCT9beNV97+biCvzJkxE8uJWirWOiqWy0tijVbelmJ22a1t+m0J1VZM43dauOAWt1"
    "QS6ngJqnaNjmgDlj5lfYqpB+Et5HLK9FFLAQ+JpsP6H6oT04VDdaZ6VNxTScR7q/SNnsFy"
    "F9d/Rxu64vKetLjMx34fbrgGNuds0yKipTS/HcbYLoNZbr8vbq9c55AZ7udKy1j6WYN+2g"
    "1z9oij7k0dsSE2pNorKetKWapdTLXVzCi/xKvVBXw73VxJul3VMcnvMijkEEscoa/6SNM4"
    "j0sR3AUaKQIMRHbC4VRTyaGkQVShH2ogiAmfM7jK+JB7C6Tep4Bf7+YRhiwaaniD2IZJZL"
    "ly/DY/7dBISjkxT0ZIfT8o6t9B0nJcZxf6cfk29OO1fejW67Fez5NDv2Ovx6ao7SNFTUCq"
    "e5OI91LM8vDW8fBsrpZmiI1qkacl7cLGIWh5uDBjBFk5e7KDCSNok7c7k+WuLrT1H/dzVT"
    "fDEvBoPuEoUD6n3q00nMF5cBLNQypJfDydciVZeSF4A/nH3dNSf689XNmmYvW0WhulUazk"
    "LOFouSnCwmzbw0qig6x9J4dGw2RtbuzTUtb7P1Rb/5VMeViYpp1qfdzeh7qjqcUf6dQOnA"
    "SglbHmbHyEinKtkxh1uflveLPC5Oy4w/K4WPhxxWV9bZJ2K5lBVoGGER+bzFo/rpb+NozG"
    "e07QWpDG8WNLkXZPkeLR2izwlRG1/kar/Q3X56LZJsm0oA1vtk3HbaLcsDZdRrjjdevH6L"
    "bqVpNs/w6J03AfNdZ4KJAgUmd1YAQ3OULn+v+6mhCfSX15jiZYIMaRgAMzQHaddm/vthsE"
    "4542K6BFCRjbygkoJ9SgMyfa01pQJKG8Xn1OrEs0b/D6+O3xuzenx0t2t7xSRepaFQI4Z0"
    "y5zW7pXu1Me+W8hFM9a05Ntz65J/7tGaJsxGE3h/o9jILTntq4oazlS71Tg0BltaQUwXBx"
    "G+285tNoBuqjSziHKMlXc3kQgKfvU1Ywee3zwRtMbza3rLeP3DJbH8rWh+pC8o2e1EwwXg"
    "p0EOHtb+1YWQCzQFdWziZFNA1z2fpFpQqxzvl2yDAJqTsppMFRSzUBXvV5jPmWK3bLbPHv"
    "stq0kStWxQ3vSSioWXA9JdJBuzo4OakTXT85KY+uQ1tu16T6qAwQjrt3EN3XtXjh6wpe+H"
    "qdF6onSlK0KbW8tGVKxJa2NCxt+aTG7OH/AQGqJRM="
)
