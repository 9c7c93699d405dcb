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
    "streak" INT NOT NULL,
    "achievements" BIGINT NOT NULL,
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
    "created_at" TIMESTAMPTZ NOT NULL,
    "read_at" TIMESTAMPTZ
);
CREATE INDEX "idx_notificatio_player__3ab996" ON "notifications" ("player_id", "id");
CREATE INDEX "idx_notificatio_player__1419ee" ON "notifications" ("player_id", "read_at");
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
CREATE TABLE IF NOT EXISTS "aerich" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "version" VARCHAR(255) NOT NULL,
    "app" VARCHAR(100) NOT NULL,
    "content" JSONB NOT NULL
);"""


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
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
    "eJztXW1z2za2/isYfUkyo3oSJU6yuZ/c1Glzm8ad2L3t7GaHhkhIwpoEVACyoun6v18ckJ"
    "RIiqQJ6sU0iw+esQgcknoOdN5x8Ncg4gEJ5cknPqXsA6bhQpDBO/TXgOEI/ikdH6IBns83"
    "o3BB4XFoCEKY6U3iqWYIj6US2Fd6dIJDSfSlgEhf0LminAEN3JgEyJBKRBnCSPAlmnCBOC"
    "MI+z5fMIXgnZC+hoNA31q+Q2pGkOQTpSn9mycSRSTiYjWMr5vJDJFbIlZoycUNESfwOgH3"
    "9ftQNj36kxeM/rkgnuJToucJ/fx//Vtfpiwg3zRUycf5jTehJAxybJCL8X+IhlCPm0FPre"
    "Zm4P0Miw9mOny1sefzcBGxAsl8pWacrWn014erU8KIwIoEGcawRRgmnEwvxW+tLyixIOvX"
    "DTYXAjLBixDYC9Txa2yuDTzv88WVd3l+5XmDLdanFBmeJJd8zmDZUKakQSLC37yQsKma6Y"
    "8vnz+/ix+0QSOeBk/8v7Mv7386+/JUz3oGj+R69cWL83MyNIrH7sxNsMLxbQwLNpgb1m8j"
    "/pGpcsDX8wtw0/iqLdzphQ3em1/PMQCfwkt8N3rx6s2rty9fv3qrp5gXXV95U8OCj5+vDL"
    "obNEMslYdL8PxBY6JoRMpBzZAVYA0SupP0n0cIcg2CVx9/Ob+8OvvlV7h9JOWfoQHr7Ooc"
    "Rkbm6qpw9enrwnpf3wT9/vHqJwQf0T8vPp8bOLlUU2GeuJl39c8BvBNeKO4xvvS0wMtgkl"
    "5OL92BvJrcZH49cGGM/ZslFoG3NcJHvGru9lA0iopXMMNTwyRAE94z0U5fiM9B2L7XH8u0"
    "V268VnuJZKZegUFT7XWGpKZigR73lVEcaI7nRMRa4vKns+9Gp68Rn2jdAnfVV7EyakHqqT"
    "7ZVkr7uOEOuoYG2z/S7+m0Uu7F8+8Xeom66K6KiSXeP0ajly/fjJ6/fP329NWbN6dvn69F"
    "3/ZQnQz8/uOPIAZzP8hULtZpnYB4MyxnNro+R9Q7bf/6VQNl//pVpa6HobwyWkgStFBGGb"
    "I9KKMEUKeL9qOLCvwVnq0cyxD1yYI7gjzbMgPynNhmwwcuCJ2yn8nKsOKjfm+sNVcJ9IkG"
    "/y25zSNjwV26xtKrm5+9wMu17s0uPf3d9TcmKpb4Z5fvz344H9w9lF010T/K2RW/Iazcrs"
    "qM32NXmZnaHtFTG9pVV0VjJ7kJMjc5QWcI5LHx040F5POISATfXM+81XO0Q6+ktqWk1Hfc"
    "NrMOcP8drC7zUGvFn6dymr9C89eYW4IANC2MgTylc067bhA4g6/H/E2EcKnNVxMizVHtR3"
    "o+tNGXj5OOmoRJR9VR0tGzevMuQXAPFt7l5k6PDPKmRl5+tXXJzkuxLzHxMmyptu6Sb9bQ"
    "rrvQBpVJuLzTNtcERzRcgf0luMJK45w3wyTCLDBxL+z7+jHp1QgHBE0Ej2As2jbuDvWQPc"
    "fVqmXTPmVShyy6/UgkZ9E5jU+042PP4wyZY3CnGUy+zam+XQse5ykdmzvN5jiU0kZc5ymd"
    "f/YYuLycrWyMoAJZK2uoY1w9jDlUSH1oM7+sdKUa6DzV8TzhweAoMI8a1QuNauqFRmm90A"
    "bppBjMBuYMSe8wPkiW1mXxXBbvwVlwhCxeVlMWM2WFtZ/Qf/j5CwmxSmIz5XgX83M9wf3u"
    "kLEws0ZLAmHp2q2OggH7G5eMzfVcztCSqhnCcaTqBL3nNIlFmVpSPQVhQaAsGWJTSxzqFf"
    "VEojHnN3KIGFdoRkRpAdm+b+/KyTosuIc10TBYlOZ/S2MwpXFJkYY2N/zv3RAr96ZI56K9"
    "90JNIkxDG4zXBD1cyaPTJja3nlXt1pxuWd0GMNuVnCPq3TI+CM5zLOWSa3PFtuZni7CPK/"
    "sQDrvgoZUeTOcf0VWfh3gV25mHx/jF6wYQvyhGDTcIw1AeYO3/qYVVQGRDcUSQtWlOb8lj"
    "BVlxNfck8QWxivAVyPoXSt1//MlAZjagSUXmdl7MNm2raFTXED+iT1PgA2EASZs8UQm5Sx"
    "Z1OVnkKjh6y2aLDaPZkGhxU+YuIdH8VtDHyf/tkGhJMeyOSPWvIPOgcePvIWo6KAkcxwPD"
    "usjxeD2lUfFk7CQ8kQisZwJljXBliPwZZlOzYyVcofEKwQ9W4yTLqyOt7/KVfWXX+rcDq+"
    "IaCaqXWRxgJtifpdNMeHm60HDC7pgTBJtsctHmGzKP48pI8nhfDbTcWGgqKs1em99+Ben0"
    "7isL6YR8B3IaTegUmonE7TX8hRCEKfTb1XsU4NWTOKL98fICLQmBXhxPYVZIcEDEmMOLPE"
    "HS54bevKl5Z5hDTcJK6fdESyy/MgHDJHiWtPFQ+vPNEC0Y9PjQgOhBSm5JpB+unynRGHb/"
    "wLOX8C2AZMzZAlBhhAS7hs1j9linP3Nk+0mAuij6IFn1dqzIELlMdGvjf4zDNKncHPoMkY"
    "O+NfQYnFd8Y4l9lsqB3xp87axOtSCX5E87+PN0jgG7MmCmDQmbOFuBrIex+f0H2qS2l7w5"
    "puXmTt3+vTxdD8HefwaVkW9aQrdEvJTYwd4Edm5txaxJnBRvLcWNa1kWCanBfUPjgG8N/J"
    "KWBqBqYE8pHOitQTeGt2XEYEPjgG8vZohaCGYLfZbKgd8a/LngE1qSK6qNk61pHPDtYzNE"
    "Kk+LbcvgTIbKgb+DrIf49Db0NYI+JegT6ntrUJwN71tGvAqUfYL3yIvahy0KbRL/GTqX9u"
    "9c2n9bW7fgcY7QMbnTTF62+xkv3a/4kTA4wCX7A4C55YxNptcxtV8MBSYVdJvGwGsTjsrT"
    "OeOitXEBQNqHpbJUDvydwG/jqOfpHAN2YoAxk+3xX5M5+HeHv4VZVKR1tlHXbSOvtZezRe"
    "yY3Xlmt/R2CqSO0Z1mNFQX27g86fy/tc8DILRyegqEzvBon4gHJFtk47NkDv7d4G/j+BQI"
    "HQt2Y0EL1ydP5xiwBwa0iQkXiZ2d1Hk7qb37s03t2N19drdN9xRoHas7zWqzvdGzzPzkiH"
    "b0hR5Pz4USVygGwrpqp0jWJzNkb7U7gkxoGLbqIZ8hdF1BuiZ9LNpFHHJv/w+YhqsP8Sb0"
    "QckW/9z4sG6nfwAzvUlmapNeselOfS1F38Wb5aE/K1EoNpTiI4qmGI6nTA8ySnbAIqzMIZ"
    "WEBaVtYvd355Kt7v/K70YHHfDvptvfXdfYh9zv3p3mA91QVMfPFdqYWK64xu3zerC1qpVF"
    "q/Bmns4xoP0mDNcg45jQd8Qk/RiQaM4VYf7qZ7IqM0oLM2rNUrqZC02cLQ5on1AhlbYN5Z"
    "IIpLg5RV2vCKni3k4RvyVw3ABl2q40rZ/0nDFBU3pLGMJTzcDyg9n3dN/7rVLoWV20Sv8a"
    "bLiQ7SkI08i3uUj7qyVMSoBPVmb6QxqYyRpC8+HOWbrO0nUStKi8LNvM77XB/EMDnu8TPX"
    "rboOOEnlXdKRrG8uhO9POJmAtqdxhcgayHaB+ghU1F6/PLCIdh3d778vbnj1qGvBy9eb2W"
    "GvChTk5c/nL26VOJVcuDEslwpRVqVZg86I9oqAvbnv9xlYvYpovy6S9nfzzLRW0/XXz+MZ"
    "2eWcTvP118X9x16Rouuwj6Qd2Vi4Ua82/nTIlSXyU7XOuocDOxmXtyfms6tRp/IST4liA8"
    "UeBNmJa0UURN09YVWkIz2qWgSvs/pjns0MS6oVmt4mEQexOIThDjIGVQQEti6Yd+2J4PYK"
    "tW/vts6dWhI3z21dCr2pNwQrS3QjR3PNZteYOIatNkQ+GMk4bGSUe01q/ay/9Etewuzfpm"
    "Rmt1FsQKvHAz8V7F9XvcFT2OMSDtP/AlaBYSSRLeEnmCruh0pvUHtFs3vdUlJGOhWeAQhZ"
    "zLeCTWP6NXaMYXQqKn13PCAj1w/Wxbex3lia4Z+mOK0VQruriGIeRlR5/X7yTN0rnjkNrG"
    "zJLjPbyIsoUqOw+lOtywTdkjNuyxmgyHVK08f0b8mxYwV9I7sEua98U6Yhve/728+Fwh1j"
    "ckRWOZ+gr9F4VUPkJka2ADLOoNq6INVbB84QbFqE8Cowc1Xm3aMW2TuwLKLnsuwAGPL5Sn"
    "7Tfapli29AaO513jeUecpyuBmYSjVg36W95TdrjWfYoPVGjmOZ1p0c/MWVbxGVBAeYI+cz"
    "Uznos52UoiLpAgUEFgDpyC9UenUzifSpDJQhI4D4ozNOZwtBWb6huWnKB10CfdX7UAx3vs"
    "VEvrAoB7DwB2x0nthol4dLfI8qQcd0TOrpAbzCxESzq/F3HQQ5/zDbsubMBN5/fvZO/9Y4"
    "sjCGLaiYsNjZMYuxYre2My4aJdzXKG1jFiZ0aYmH07PqxJHRtas0H7AUQQQNPOSC/S9U/o"
    "7/8EruxrWUBdIOuh7TJ6/rwB1npWJdhmrIi2wjQsCZtXx3UzJDvFdbuG9rEDu4IvvRmWMy"
    "uBkqHp4RLff8GvK/dps95dALV5APWSkOBXTMWgJHq6HhvWhU7XB3U2bjUgibglAgEheiqJ"
    "XqoKmWg/EuSW4JAEz0zVotn6P1+MtUSe6akgOYbrDgF+SAlT8U3GRNIAAp1lIdQDPu0r+8"
    "rOv+lvG64g9AqB2ut1pO3aEF8LziPziUpNrk4QbDyDE06ROXkTaPCmRQLgCDMpi9sgcH5T"
    "Ga2t20+Wi/el33PX3WUgmTLPSL7Z8TasuXByf8LJXXMLHujc2PgXZGVCrUmcO3a/OxYLf3"
    "OYtA3KBTJnqzY6X32NmbVjUEbrQG/iIBi7xHp9F8gc1A2gDrFUXosD1vN0Tlm2VZbOF65k"
    "yGP3hfPB6o2zYsnnAqkrGusanzsS8/gRwwqqbLSYHR7WRT4gGd66zWJIJ+Q7WIYouQP4/B"
    "BEgLvWtlG8n/L+0i6Tx3d9Ejuk6Droo3dNzT2M3XHUEpnOQX7gGhnXUfGhTsuwP6jEHVGy"
    "K+hS4ZsyR722gHRN44DfoQJGLQSzhT5L5cBvXwVGpIIDOOzAz1I58K3A74ib9QX09KDEwY"
    "oHhnWu1UbH3+9UXWjXZ+0cGcIhwqHJxwpkWg6Y275D5JaIVbx3hhESkAD6eQoCtKW5433d"
    "GNLE1wHxqcmPXsd9eGYExRuTZJwCHoca9P/ov/hJxqcTARHo6fVf8cQhGq/urp/9D5rRIC"
    "AM+ZpD0tyMEZPhVlwQ/YrQAugrm3BosBD31oeHQaxXnqBrvlA+j4jJR8N1k/H2wX+sdh3X"
    "Kf7Em9hEM9c+Rm1305wr4jLGjyCD5rzRDslz540eyRut6q9Zk7is6q3ZB4CbNIutbhW71S"
    "jWeDItnB8nMXaSGHO80jrfUlqvaRzwrYFPLK1t5KuL0zMkrjh9h+L0tbFtA36OyPV82WFr"
    "wCIsa2VUU9SWEvRQiR7ASil4Y82LrPJ0PQT7oAWErqrNVbX1DuoWBW271bJ1DuCHaWoBaH"
    "gm0mcpxbcpXR34/WLcFQ+2sQ4fRVFZXlsr1a52ME/pSge7xuWO5LQ+c0Un1MdVDedy48O6"
    "DBfLzGyY6LrkEYmzTOsu2ksszZEOJ+gamHr9DmF/RskticASWrCQ+zeQExrTKSRThyjuj2"
    "zOex8iuZKKRF5EpNRfF7Jac8Ejvp0JO+qTd9nquGNyqbDDsbCLEh/3fD6XvHLJq55ZvSvX"
    "yu1gJq6i2oCxQjcl6CG8L0ZNus3oWTUnHW51m0m0lQ3GGZIeonzaqKfPaU1Pn9Ptnj7Ut2"
    "udlM7vIb6HaE/lGiY9UFbEhSDasOJROKeFcz3a7V3ELvjQVf52JPjwW+JUn20c7UFJDKJs"
    "2rAuFJE6617Gg29ce+sTNCdifaoX9EvSDH5nakvBDxtjSZJO9BJhJIleGyVHW+5yo/u3O5"
    "rfktvu2CGn0PnonWKH89GPYn63SfjtnOr7u4G8UWfWVliB1JnanTPFCoVQrFWqb03mTO2u"
    "8bcjpra2NH6npRm+ZKTWoE5yXo2bgsQ7vsyx7nNMA4irIZ9TZs52irggxhw2/+hJzHQqNa"
    "XxcTdRTZFs5jI3egL5NW4+xzvIkn6itLyvyHEfbpncW3J2sJxbN5Sxy7852/5Ytr12nQWz"
    "3ECWpXHmZwPz0+3Qc2cq9U90JIrY0tTeUDlXypna5ab2GRHUnw1KTO1kpNbUxps59xna1Y"
    "y93yi1ihX/XQLFOx7PXm0m3hIhLQ9QypD0UJGOTk8baFI9q/rwJBgr6FL9o7JAOJneQ3Rf"
    "NCpjeVFTxvJiu4xFP1GRMlOlutIiQ+IqLSwrLR5Umd39P6b26WM="
)
