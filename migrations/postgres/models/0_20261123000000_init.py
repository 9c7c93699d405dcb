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
    "eJztXVtz2zYW/isYvSSZUTyJYjtZ75OTOq23id2JnW2nzQ4NkZCENQmoBGRF0/V/XxyQlE"
    "iKpAnqYprFQ2ZiAoekvgMC37ng4K9ewD3ii4NPfEzZR0z9WUh6J+ivHsMB/KewvY96eDpd"
    "tcIFiYe+FvChpzOKuuomPBQyxK5UrSPsC6IueUS4IZ1KyhnIwI2Jh7SoQJQhjEI+RyMeIs"
    "4Iwq7LZ0wieCekrmHPU7cWJ0hOCBJ8JJWke/tMoIAEPFz0o+u6M0PkjoQLNOfhLQkP4HU8"
    "7qr3oWy89yfPGP1zRhzJx0T1C9Xz//iPukyZR74rqOI/p7fOiBLfy6hBzIb/JQpC1a4bHb"
    "mY6oYPExx+1N3hpw0dl/uzgOVEpgs54Wwpo34+XB0TRkIsiZdSDJv5fqzJ5FL01uqCDGdk"
    "+bre6oJHRnjmg3pBOnqN1bWe41xcXjtXZ9eO01tTfSKR0kl8yeUMhg1lUmgkAvzd8Qkby4"
    "n6882rV/fRg1ZoRN3gif8+/fLhp9Mvz1WvF/BIrkZfNDgv4qZB1Havb4Iljm6jVbDCXKt+"
    "HfFzJosBX/bPwU2jq6ZwJxdWeK++nn0APoaXeDl4ffj28N2b48N3qot+0eWVtxUqOL+41u"
    "iu0PSxkA4uwPMHhYmkASkGNSWWg9WL5Q6S/zxBkCsQvD7/fHZ1ffr5F7h9IMSfvgbr9PoM"
    "Wgb66iJ39flxbrwvb4J+Pb/+CcGf6PfLizMNJxdyHOonrvpd/96Dd8IzyR3G546a8FKYJJ"
    "eTS/cwX41uU18PXBhi93aOQ89Za+EDXtZ3vSkYBPkrmOGxVhKgCe8Zr05fiMthsv2g/ixa"
    "vTLtlatXGPdUI9Cru3qdIqGkmKfaXakXDjTFUxJGq8TVT6cvB0fHiI/U2gJ3VVex1MuCUF"
    "1dsr4obeOGG6w11Fv/SN/Tcem8F/V/eNKLl4v2LjHRjPePweDNm7eDV2+O3x0dvn179O7V"
    "cupbb6qaA9+f/wjTYOaDTObFqlXHI84Ei4nJWp8R6txqf3xYY7E/Pixd66EpuxjNBPEaLE"
    "YpsS0sRjGgdi3azlqU02/omM5jKaEuMbg9zGdrNCCriXU1fOQhoWP2M1loVZyr98Zq5SqA"
    "Pl7Bv8a3eWIquE/GWHJ19dmHeL5ce9NDT/129YuJjGb806sPpz+c9e4fi1eN1Ec5uea3hB"
    "XzqlT7A7xK91R8RHWtyauu82QnvgnSNzlApwjmY22nawbk8oAIBL9c9bxTfZRBL4XiUkKo"
    "O67TrB3cfwPWpR9qvPBnpezKX7LyV9CtkAA0DchAVtIap20nBJbwdVi/8SRcyPkqXKQZqe"
    "3Mno9N+rJ+0kEdN+mg3Es6eFFN72IEt8DwrlZ3emKQ1yV52dHWJp6XYF9A8VJqKWd38S+r"
    "yesuFaHSAZcTxblGOKD+AvhXyCWWCucsDRMIM0/7vbDrqsckVwPsETQKeQBtwTq529VDtu"
    "xXK5+btjkntYjRbWdGsozOrvhEGT7mOk6JWQW3WsHk+5Sq2zXQcVbSqrnVao5cKU2m66yk"
    "tc+egpbnk4UJCcqJNWJDLdPqbuhQLvShaH5R6ko50Fmp/VnCvd5eYB7UyhcaVOQLDZJ8oR"
    "XScTKYCcwpkc5hvJMorY3i2Sjeo6tgD1G89EqZj5Tlxn4s//HnL8THMvbNFOOdj891BPf7"
    "XfrC9BgtcIQlY7fcCwbqr50yNlV9OUNzKicIR56qA/SB09gXpXNJVReEQwJpyeCbmmNfja"
    "hnAg05vxV9xLhEExIWJpBt+/Y2nazFE3e/whsGg1L/35AMJjI2KFKTc8P/nVtiZN7k5ay3"
    "90GoSYCpb4LxUqCDI3lwVIdzq17lZs3RGuvWgJmO5IxQ54bxTnCeYiHmXNEV05yfNcEuju"
    "xdGOwh943WwaT/Hk31qY8XEc/cPcavj2tA/DrvNVwhDE1ZgJX9J2dGDpGVxB5BVtSc3pGn"
    "CrLkcuoI4obEyMOXE+ueK3X7/icNmd6AJiSZmlkx67KNvFFtQ3yPNk1OD4QBJE3iRAXiNl"
    "jU5mCRzeDorJoNNoymXaL5TZmbuESzW0Gfpv7XXaIFybAbItW9hMyd+o3fg9e0V+A4jhr6"
    "VZ7j4bJLreTJyEh4JhCwZwJpjXClj9wJZmO9Y8VfoOECwQercBLF2ZHGd/nGvrEb9e3AqL"
    "hBIVXDLHIwE+xOkm7avTyeKThhd8wBgk02GW/zLZlGfmUkeLSvBkpuzJQUFXqvzddfYHY6"
    "+cZ8OiIvYZ5GIzqGYiJReQ13FoaESfT1+gPy8OJZ5NE+v7pEc0KgFsdz6OUT7JFwyOFFni"
    "Hhci2v31S/M/ShOmAl1XuiORbfWAjNxHsRl/GQ6u/bPpoxqPGhAFGNlNyRQD1cPVOgIZUC"
    "mlU3D7zldERd/U1FbzSH3wY3GnI2A6wYId6mzvRIacZB0YzYdsKi1rfei78FM1WkhGx8ur"
    "FJMMR+EmquD31KyELfGHoMJi2+NcQ+LWXBbwy+MmHHaiIX5E8z+LNyVgGbKmCi1nwT71tO"
    "rIMe++2734TiS84U02K6U7WrLyvXQbC3H1dl5LuaoRsiXihsYa8DOzdmMUsRO4s3nsW1wV"
    "nkH6nAfSVjgW8M/JwWuqUqYE8kLOiNQdfE29BjsJKxwDefZoichcwU+rSUBb8x+NOQj2hB"
    "BKnST7aUscA3980QIR01bRs6Z1JSFvzNwJ/iBZ8ZDv2coFXBZipo4CLLylkFbMB3IHKzDn"
    "4F2UkEuoT61kp3pwNfhl7fnGSX4N3zoM4EGJ0o6mjqOCi+g1VKY6W4sKOqSZ5SSs5mKbUu"
    "S2ndjGig44ygVXKrlTxv9hnP7Vf8RBTs4YLtTKDcYsXG3auU2i2FgpJya5vCwGniJ8/KWX"
    "LRmFwAkOb+8rSUBX8j8Jt4ELNyVgEbKUDTZHP8l2IW/s3hb0CL8rKWG7WdGzmNrZw1Yavs"
    "1iu7obWTE7WKbrWiYTOEicmT9P9b2zwAQiOjJydoiUfzDCFAskGaUFrMwr8Z/E0Mn5ygVc"
    "FmKmhg+mTlrAK2oIAmPuG8sOVJredJzc2fdWmr7varu2m4JydrVd1qVet9145h5CcjtKEt"
    "9HRKxBSYQhEQxqlUebEu0ZCtJVSFZER9v9GRFylBW8SobbOPQXWbXZYi+QFTf/ExqpnRK6"
    "hIkmnvVxUm8aCnM0p1rVPaOiksombRk6i2B5STJhJFRCk6UW2M4TTd5Ny1eGs+wlKfqUuY"
    "V1jVent3LqjB8Ue2TAasAf+pW5fDFrl+zEIc7amK0o6Fav+xQhOKZZNr7AbUx0ujJrKRez"
    "MrZxXQfHeMrdyzT+hbQknPPRJMuSTMXfxMFkWkNNejkpbSVV+oOV+TmUIpuhENhVTcUMxJ"
    "iCSH2nNEjQgho1J0Ab8jcDoKZYpX6kp1qs+QoDG9IwzhsVLgOi/d4n0fZqVQYj/PSv/qrb"
    "SQLoEK3cj3aZiUg4yVFAMfj8zkQ+rpzgpC/ce9ZbqW6doZNL94GZ6KsdXzMB4b8GxZ+8G7"
    "GqVwVK/ywvbQlkV3pJ5PwmlIzc6uzIl1EO0d1NYqOanhKsC+X1UUpPi0hic9h7wZvD1ezh"
    "rwR9U8cfX59NOnAlbLvYKZ4VotqGVucq87U0OV2/bst+uMxzYZlM8/n/72IuO1/XR58WPS"
    "PTWIP3y6fJ/fdWnrw1sP+k7NlcuZHPLvZ0yGhbZKurnSUOG6Yz3z5OxOF5bW9oJP8B1BeC"
    "TBmtAVtIOA6mrSCzSH2tnzkEpl/+ha1n3t64ba2pL7XmRNIDpCjMMsgzxa4Evf9cO2fF5k"
    "+eK/zVqDLTpxbFuVBsstCTuJdnYSzZzmd1dctaOcmqwkLDmpSU5asmr9oqz8T1TN3YVR31"
    "Rr5ZoFvgLHX3V8cOH6NTrEIfIxIGU/8DmsLCQQxL8j4gBd0/FErR9wOoQ+CkJAMBaqmPaR"
    "z7mIWqL1Z3CIJnwWCvT8ZkqYpxpuXqyvXnt5oj2l4Sn5aMoXuiiHwefCeCdpWs6e3tbUZx"
    "afRuQElM1k0fFN5e6GdckOqWGL2WTYp3LhuBPi3jaAuVTegl1QVTRaI9bh/dfV5UXJtL4S"
    "yZNl6kr0P+RT8QSRrYANsKgmVnkOlWO+cIO81yeG0YEcryblmNbFbQJlmy0X0IDDZ9JR/I"
    "02SZYtvIHVedt03hLj6TrETMDJ0Br9Nesp3VxpPkUnvdSznE7V1M/00XvRkXUgeYAuuJxo"
    "y0UfxCcQD1FIIINAn48H44+Ox3CcXkhGM0Hg+DrO0JDDSXxsrG5YcODfTp/0cNYCnDu0US"
    "6tdQBu3QHYHiO1HRRx72aR4RFe9uyuTSHXmBlMLUn/TvhBc/kbx3XSN/JUIJW9cZzPKIBd"
    "FybgJv0bgdsyCrZrbHEATkyz6WIlY2eMTZOVnSEZ8bBZznJK1ipiY0Von30zPSxFrRoaq0"
    "HZASQkgKYZSc/LdW/S3/7RgOnXMoA6J9ZB7jJ49aoG1qpXKdi6LY+2xNQvcJuX+3VTIhv5"
    "dduG9r4duyGfOxMsJkYTSkqmg0N8+wm/Nt2nyXi3DtT6DtQrQrxfMA17Bd7TZVu/ynW6PE"
    "G4dqkBQcI7EiIQRM8FUUNVIu3tRyG5I9gn3gudtai3/k9nQzUjT1RXmDn6ywoBrk8Jk9FN"
    "hkRQDxydRS7UHT7tG/vGzr6rX+svwPUKjtqbpaftRgvfhJwH+i8qlLg8QLDxDI5eRvpIYJ"
    "DBqxIJgCP0pCwqg8D5bam3tmo/Wcbfl/zOTXeXwcyUekb8y/a3Yc26k7vjTm6bWfBIB1pH"
    "X5ARhVqKWHPsYXMsmvz1KfcmKOfELFetszlthZmxYVAka0GvYyBoXmI8vnNiFuoaUPtYSE"
    "dzNrO1MitnF8umi6W1hUsV8tRt4ayzemWsGOo5J2qTxtqm55b4PH7EMIJKCy2mm/tVng8I"
    "hjcus+jTEXkJwxDFdwCbH5wIcNfKMooPSz6c2qXj+LZOYosWuhba6G1b5h6Hd+w1RaZ1kO"
    "84R8ZWVHys0zLMDyqxR5RsCrqQ+LbIUK9MIF3KWOA3yICRs5CZQp+WsuA3zwIjQsIBHGbg"
    "p6Us+Ebgt8TM+gLrdK/AwIoa+lWm1WqNf9ioulSmz9I40oJ9hH0djw2RLjmgb3uCyB0JF9"
    "HeGUaIRzyo5xkSkC2MHW/rxhAmvvGIS3V89CaqwzMhKNqYJKIQ8NBXoP9X/YuepG260CMh"
    "en7zV9Sxj4aL+5sX/0QT6nmEIVdpSOibMaIj3JKHRL0ilAD6xkYcCixEtfXhYeDrFQfohs"
    "+kywOi49FwXUe8XbAfy03HZYg/tiZW3syljVFZ3TRjitiI8ROIoFlrtEXzubVG92SNltXX"
    "rAhcltXW7ALAdYrFlpeKXSsUqy2ZBsaPnTE2mjGmeKHWfMPZeiljgW8MfMy01pEvT05Pid"
    "jk9A2S05dk2wT8jJCt+bLB1oCZX1TKqCKpLRHo4CK6A5aSs8bqJ1ll5ToI9k4TCG1Wm81q"
    "6xzUDRLaNstlax3Aj1PUAtBwtKfPcBZfl7R54A9P4zZ5sAk7fBJJZdnVWspmuYNZSZs62D"
    "YttySmdcElHVEXlxWcy7T3qyJcLNWzZqDrigckijItq2jPsdBHOhygG1DqzQnC7oSSOxIA"
    "E5oxn7u3EBMa0jEEU/soqo+sz3vvI7EQkgROQIRQPxeiWtOQB3w9Era3J0Oo7IOua+chzv"
    "wFSgJR0RZNHbBKInJ6c2QfzSfUnUQFw3X7jKkZG6QJVAfPwOxEbbVLhdsg1pNe/m0Qq63s"
    "d2FLuu2M6kqqiIwRuolAB+F9PahTdUb1qjjxcK3qTLxqmWCcEukgyke1avscVdT2OVqv7U"
    "NdsxJKSf8O4ruLMlW2cNJjRUcUAy2gHZz7BLOyRFRcRDkUAfa7Bfj7y8tPGcDfn+cPb/r6"
    "+f2ZmrE1+qoTlSUcw3p8mijA+gLq+wK+xjbu6cru7RW4BIq69as8A4nt7KQM6tqpsK4ykJ"
    "W1nByyBeWLlIJPtGUM5tAQCxIXhhfKmBdEjY2CkyY3udHDuw/1x2R3H7bINrOmcqvUYU3l"
    "vbDgJvG3jSNvfzeQV8uZMRPLiVoq1joqlstLYo0ib0sxG3Zrm35bQrUV0/iVFgbc4pZKQh"
    "2HoGrX6Ig2YOlT1qeYeuDeQi6nTB+1FPCQaDqs/6M6MV04VGeqR8U9lUS8t0rf6BmEu7j+"
    "O9rQFZf3pMVlPvb7cMMY2JyzTYuIltL8dizGNgxmuf2+uL0ynUNmuJ8rLWPpZw36aTfM2S"
    "OOujd1xAuxIdVeSVlTylLtYqp9ypj6Pt1Sd3amvZJ241TPmtz7xid3xL85URx1xIHwqt/D"
    "lNIz3FYNz5eazBJIPkuiNcPFTeSc5lMYtTzsowso1TBSd9EV/HkQAHOGE1XXefc+H/ww57"
    "bpYY/Li20KjU2h6UIKjZ7UTDBeCnQQ4e2z39UKYMaAs3K2InhTEmxTPCwZ3jEZJiF1J4U0"
    "OGqpJsCrPg8x33LFbpkt/l2yJgavD98evntzfLicgZZXqiaeh/Mh7kgoDA/3TIl0cF0dHB"
    "3VWFhVr/KDPaEt51hSH5UBwnH3DqL7uhYvfF3BC1+v80L1REmK/Hbl2b8pEZv9a5j9+6iL"
    "2f3/AWPsydk="
)
