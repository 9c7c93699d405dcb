from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True


async def upgrade(db: BaseDBAsyncClient) -> str:
    return """
        CREATE TABLE "login_failures" (
    "subject" VARCHAR(300) NOT NULL PRIMARY KEY,
    "count" INT NOT NULL,
    "last_at" TIMESTAMP NOT NULL
) /* Failed logins in a row for one account name or address: the soft lock's memory, the same on every worker. */;
CREATE TABLE "users" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "username" VARCHAR(32) NOT NULL,
    "username_key" VARCHAR(32) NOT NULL UNIQUE,
    "email" VARCHAR(254) NOT NULL,
    "email_key" VARCHAR(254) NOT NULL UNIQUE,
    "password_hash" VARCHAR(200) NOT NULL,
    "role" VARCHAR(16) NOT NULL,
    "status" VARCHAR(16) NOT NULL,
    "totp_secret" VARCHAR(64),
    "totp_last_step" BIGINT,
    "totp_enabled_at" TIMESTAMP,
    "created_at" TIMESTAMP NOT NULL
) /* A person with a login. Coins and counters are in the wallet's books, not here. */;
CREATE TABLE "recovery_codes" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "code_hash" VARCHAR(64) NOT NULL UNIQUE,
    "used_at" TIMESTAMP,
    "user_id" BIGINT NOT NULL REFERENCES "users" ("id") ON DELETE CASCADE
) /* A second factor on paper: the SHA-256 of a code that works once. */;
CREATE TABLE "sessions" (
    "id" VARCHAR(32) NOT NULL PRIMARY KEY,
    "created_at" TIMESTAMP NOT NULL,
    "seen_at" TIMESTAMP NOT NULL,
    "expires_at" TIMESTAMP NOT NULL,
    "revoked_at" TIMESTAMP,
    "revoked_why" VARCHAR(32),
    "user_agent" VARCHAR(200) NOT NULL,
    "address" VARCHAR(64) NOT NULL,
    "user_id" BIGINT NOT NULL REFERENCES "users" ("id") ON DELETE CASCADE
) /* One login: a family of rotating refresh tokens and the access tokens made from them. */;
CREATE TABLE "refresh_tokens" (
    "token_hash" VARCHAR(64) NOT NULL PRIMARY KEY,
    "created_at" TIMESTAMP NOT NULL,
    "used_at" TIMESTAMP,
    "session_id" VARCHAR(32) NOT NULL REFERENCES "sessions" ("id") ON DELETE CASCADE
) /* The SHA-256 of a refresh token. A used one that comes back revokes its session. */;
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
    "coins_at" TIMESTAMP NOT NULL,
    "profit_at" TIMESTAMP NOT NULL,
    "wins_at" TIMESTAMP NOT NULL,
    "day" DATE NOT NULL,
    "day_rounds" BIGINT NOT NULL,
    "day_wins" BIGINT NOT NULL,
    "day_profit" BIGINT NOT NULL,
    "day_coins" BIGINT NOT NULL,
    "day_coins_at" TIMESTAMP NOT NULL,
    "day_profit_at" TIMESTAMP NOT NULL,
    "day_wins_at" TIMESTAMP NOT NULL,
    "week" DATE NOT NULL,
    "week_rounds" BIGINT NOT NULL,
    "week_wins" BIGINT NOT NULL,
    "week_profit" BIGINT NOT NULL,
    "week_coins" BIGINT NOT NULL,
    "week_coins_at" TIMESTAMP NOT NULL,
    "week_profit_at" TIMESTAMP NOT NULL,
    "week_wins_at" TIMESTAMP NOT NULL,
    "bonus_day" DATE,
    "bonus_streak" INT NOT NULL,
    "refill_at" TIMESTAMP
) /* One player's state of play, changed only by postings. */;
CREATE TABLE "daily_figures" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "player_id" BIGINT NOT NULL,
    "day" DATE NOT NULL,
    "rounds" BIGINT NOT NULL,
    "net_profit" BIGINT NOT NULL,
    "balance" BIGINT NOT NULL,
    CONSTRAINT "uid_daily_figur_player__26ad55" UNIQUE ("player_id", "day")
) /* A player's day: rounds, net profit from games and the balance at its end. */;
CREATE TABLE "idempotency_keys" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "player_id" BIGINT NOT NULL,
    "key" VARCHAR(128) NOT NULL,
    "fingerprint" VARCHAR(64) NOT NULL,
    "status" SMALLINT NOT NULL,
    "body" TEXT NOT NULL,
    "created_at" TIMESTAMP NOT NULL,
    CONSTRAINT "uid_idempotency_player__e87110" UNIQUE ("player_id", "key")
) /* The first answer to a request that moved coins, kept to be given again. */;
CREATE INDEX "idx_idempotency_created_944834" ON "idempotency_keys" ("created_at");
CREATE TABLE "outbox" (
    "id" VARCHAR(32) NOT NULL PRIMARY KEY,
    "created_at" TIMESTAMP NOT NULL,
    "events" TEXT NOT NULL
) /* Events that leave after the commit they were written with, and are told again if nobody did. */;
CREATE TABLE "play_limits" (
    "player_id" BIGINT NOT NULL PRIMARY KEY,
    "daily_loss" BIGINT,
    "session_minutes" INT,
    "reality_check_minutes" INT,
    "pending" JSON,
    "pending_from_at" TIMESTAMP,
    "time_out_until_at" TIMESTAMP
) /* What a player allows themselves. Tightening counts at once, loosening after 24 hours (`pending`). */;
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
    "details" JSON NOT NULL,
    "row_hash" VARCHAR(64) NOT NULL,
    "created_at" TIMESTAMP NOT NULL,
    CONSTRAINT "uid_ledger_player__88c593" UNIQUE ("player_id", "seq")
) /* A line of the ledger. Nothing changes or removes one: triggers refuse it on both engines. */;
CREATE TABLE "seed_pairs" (
    "id" VARCHAR(32) NOT NULL PRIMARY KEY,
    "player_id" BIGINT,
    "room_id" VARCHAR(32),
    "server_seed" VARCHAR(64) NOT NULL,
    "server_seed_hash" VARCHAR(64) NOT NULL,
    "client_seed" VARCHAR(64) NOT NULL,
    "last_nonce" BIGINT,
    "created_at" TIMESTAMP NOT NULL,
    "revealed_at" TIMESTAMP
) /* A server seed (secret until revealed) with its published hash, and the client seed beside it. */;
CREATE INDEX "idx_seed_pairs_player__34eee7" ON "seed_pairs" ("player_id", "revealed_at");
CREATE INDEX "idx_seed_pairs_room_id_ac3d63" ON "seed_pairs" ("room_id");
CREATE TABLE "game_figures" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "player_id" BIGINT NOT NULL,
    "game" VARCHAR(16) NOT NULL,
    "rounds" BIGINT NOT NULL,
    "wins" BIGINT NOT NULL,
    "staked" BIGINT NOT NULL,
    "returned" BIGINT NOT NULL,
    "best_win" BIGINT NOT NULL,
    CONSTRAINT "uid_game_figure_player__496ef6" UNIQUE ("player_id", "game")
) /* A player's life-time figures in one game. */;
CREATE TABLE "rounds" (
    "id" VARCHAR(32) NOT NULL PRIMARY KEY,
    "player_id" BIGINT NOT NULL,
    "game" VARCHAR(16) NOT NULL,
    "status" VARCHAR(8) NOT NULL,
    "stake" BIGINT NOT NULL,
    "payout" BIGINT NOT NULL,
    "outcome" JSON NOT NULL,
    "decisions" JSON,
    "rules" VARCHAR(16) NOT NULL,
    "seed_pair_id" VARCHAR(32) NOT NULL,
    "server_seed_hash" VARCHAR(64) NOT NULL,
    "client_seed" VARCHAR(64) NOT NULL,
    "nonce" BIGINT NOT NULL,
    "table_round_id" VARCHAR(32),
    "created_at" TIMESTAMP NOT NULL,
    "settled_at" TIMESTAMP,
    CONSTRAINT "uid_rounds_seed_pa_a23c84" UNIQUE ("seed_pair_id", "nonce", "player_id")
) /* One player's round, alone or at a table: everything needed to replay it. */;
CREATE INDEX "idx_rounds_player__171f76" ON "rounds" ("player_id", "id");
CREATE TABLE "aerich" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "version" VARCHAR(255) NOT NULL,
    "app" VARCHAR(100) NOT NULL,
    "content" JSON NOT NULL
);"""


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
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
    "eJztXV1z2zYW/SsYvSSZUTyJEjvZ7JOTOq23SZyJ1W2nTYeGSEhiTQEqAFnRZP3fFxckJZ"
    "IiaYKiZJrFg2csAoekzoXuF4CL770Z80ggjj6wiU/fYz9YcNJ7g773KJ7BP7ntfdTD8/mm"
    "FS5IPAo0IICezjjsqpvwSEiOXalaxzgQRF3yiHC5P5c+o4CBGxMPaahAPkUYcbZEY8YRow"
    "Rh12ULKhG8E1LXsOepW4s3SE4JEmwsFdK9fiTQjMwYX/XD67ozReSG8BVaMn5N+BG8jsdc"
    "9T4+nRz8yQvq/70gjmQTovpx9fw//lSXfeqRb4qq6OP82hn7JPBSYhCL0V9EUajadaMjV3"
    "Pd8G6K+XvdHb7ayHFZsJjRDGS+klNG1xj19eHqhFDCsSReQjB0EQSRJONL4VurC5IvyPp1"
    "vc0Fj4zxIgDxAjp8jc21nuN8uhg6l2dDx+ltiT5GJGQSXXIZhWHjUyk0EzP8zQkIncip+v"
    "ji2bPb8EEbNsJu8MT/nn5599Ppl8eq1xN4JFOjLxycn6KmQdh2q2+CJQ5vo0Ww4VyLfpvx"
    "cyrzCV/3z9Dth1dN6Y4vbPje/HoOQfgEXuLp4PnLVy9fvzh5+Vp10S+6vvKqRATnn4aa3Q"
    "2bARbSwTl8/qA4kf6M5JOagGVo9SLcUfzPAyS5hMHh+cezy+Hpx89w+5kQfwearNPhGbQM"
    "9NVV5urjk8x4X98E/Xo+/AnBR/T7xaczTScTcsL1Ezf9hr/34J3wQjKHsqWjFF6Ck/hyfO"
    "kW9NX4OvHrgQsj7F4vMfecrRY2YEV9t5tmg1n2CqZ4ooUEbMJ7RtbpC3EZKNt36mOe9Uq1"
    "l1ovHvVUI9Crar1OkVAo6ql2V2rDgeZ4TnhoJS5/On06OD5BbKxsC9xVXcVSmwWhurpk2y"
    "g1ccMdbI3vbf9I3/qTQr0X9r9b6UXmor0mJtR4/xoMXrx4NXj24uT18ctXr45fP1urvu2m"
    "Mh349vxHUIOpH2SsF8usjkecKRZTE1ufAnXO2p+8rGDsT14W2npoShujhSBeDWOUgDVgjC"
    "JCrS1qxhZl5MsdUz2WAHXJgzuAPttyA9KS2BbDe8aJP6E/k5UWxbl6b6wsVw71kQX/JbrN"
    "AxPBbTzG4qubnz3Hy7XtTQ499d3VNyYy1Pinl+9Ofzjr3d6XXzVWP8rpkF0Tmu9XJdrv8K"
    "t0T+WPqK4V/aph1tmJboL0TY7QKQJ9rON07QG5bEYEgm+uet6oPiqgl0L5UkKoO267WXu4"
    "/w5el36oseFPo6zlL7D8Je4WJ0BNDWcgjbTBadsdAuvwdVi+kRLO9flKUqQpVDPa876dvn"
    "SedFAlTToozpIOnpS7dxGDDXh4l5s7PTDKqzp56dHWJj8v5j7HxUuIpdi7i75ZRb/uQjlU"
    "esLljfK5xnjmByvwvziTWCqe026YQJh6Ou+FXVc9Jr46wx5BY85m0Dbbdu729ZCG82rFuq"
    "lJndQij64ZjWQ9OmvxiQp8zGWcgFkBt1rA5NvcV7erIeM00oq51WIOUyl11HUaaeOzhyDl"
    "5XRl4gRlYLW8oZZJdT/uUGbqQ7n5eUtXiolOow4XCfd6B6F5UGm90KBkvdAgXi+0YTpaDG"
    "ZCcwLSOY73MktrZ/HsLN69i+AAs3hJS5mdKcuM/Qj//ucvJMAyys3k852dn+sI77f7zIXp"
    "MZqTCIvHbnEWDMRfecnYXPVlFC19OUU4zFQdoXfMj3JRei2p6oIwJ7AsGXJTSxyoEfVIoB"
    "Fj16KPKJNoSnjuArKmb2+Xk7VYcfdLsmEwKPX/hs5gjLGTIhV9bvjfuSZG4U0WZ7O9d1JN"
    "ZtgPTDheAzo4kgfHVXxu1as4rDne8ro1YaYjOQXq3DDeC89zLMSSKXfFdM3PFrCLI3sfAT"
    "tngZEdjPsfMFSfB3gV+pn75/j5SQWKn2ezhhuGoSlNsIr/5MIoIbJBHJBk5Zr7N+ShkiyZ"
    "nDuCuJwYZfgysO6lUpvPP2nK9AY0IcncLIrZxtbKRrWN8QPGNBk5EAqU1JknyoHbyaI2Tx"
    "bZFRydFbPBhtFkSjS7KXOXlGh6K+jDlP92SjRnMeyOTHVvQeZe88ZvIWvay0kchw39sszx"
    "aN2l0uLJMEh4JBB4zwSWNcKVPnKnmE70jpVghUYrBD9YxZPIXx1pfJev9Cu9Ur8dGBVXiP"
    "tqmIUJZoLdadxNp5cnC0Un7I45QrDJJpVtvibzMK+MBAv31UDJjYVC+ULvtfnlM2inN19p"
    "4I/JU9DTaOxPoJhIWF7DXXBOqES/DN8hD68ehRnt88sLtCQEanE8hl4BwR7hIwYv8ggJl2"
    "m8flP9ztDH1xNWUr0nWmLxlXJoJt6TqIyHVJ+v+2hBocaHIkQ1+uSGzNTD1TMFGsHuH3j2"
    "Er4FQEaMLoAVSoi3a9o8FI/x9GcK1swEqM2i96JRbyaKBMjORNd2/kc4iCeVq1OfAFnqa1"
    "OPIXjF14bcJ1GW/Nrkq2B1ohS5IH+b0Z/GWQHsKoCpciRM8mwZWAdz880n2oTyl5w59vPd"
    "nbL9e2lcB8lufgaVkm9KQ9dkPBdsaa9COzP2YtYQq8Vra3EdWuZlQkp432As8bWJX/q5Ca"
    "gS2mOEJb026drxNswYbDCW+PpqhsgFp6bUJ1GW/Nrkzzkb+zlzRaV5sjXGEl8/N0OEdJTa"
    "NkzOJFCW/B10PeSnt6kvUfQxoEusN1agOJneN8x4ZZBdovfAg9qFLQp1Jv4TODvt37pp/2"
    "1rXUPGKaAVcquFvKz3M17aX/EDEbCHc/YHgHDzBRt1LxNqtwQKQsrYNsWBUycdlcZZ56K2"
    "cwFEmqelkihL/k7k1wnU0zgrgJ0EoN1kc/7XMEv/7vTXcIuyWOsbtd03cmpHOVtgK+zWC7"
    "tmtJOBWkG3WtCwutgk5In7/6NjHiChVtCTAVrHo/5EPDBZYzY+CbP070Z/ncAnA7Qi2E0E"
    "NUKfNM4KoAEB1MkJZ8HWT2q9n1Q//NlGW3G3X9x1p3syWCvqVotab290DGd+UqAdY6GHU3"
    "MhJxQKiTBetZOFdckNaWztDidjPwhq1ZBPAG1VkLZpH4NyEfvc2/8D9oPV+3ATei9ni3+q"
    "vV+209+Dns440bVKrdh4p77Som/CzfJQn5VIFDpK4RFFEwzHU8YHGUU7YBGW+pBKQr3cMr"
    "HN3Tlnq/sf6d3oYAP+rLr93VaNvc/97u0pPtAOQ3X4uUITF8surrH7vO5trCpjUSu9mcZZ"
    "AdTfhGELZByS+pa4pOcemc2ZJNRd/UxWeU5ppkepW+pv+kIRZ4MD2sc+F1L5hmJJOJJMn6"
    "KuRoSQYW2nGbshcNyAT5VfqUs/qT4jgib+DaEIT5QA8w9mb+i+d3ulULM665V+722kkKwp"
    "CN3ItzmP66tFQoqIj0Zm/EPq6c6KQv3h1nq61tO1GjRrvAzLzDdaYP6+CU/XiR68rlBxQv"
    "UqrhQNbWl2x+r5hM+5b3YYXAbWQbb3UMKmoPT55QwHQdne+/zy5w9ah7wYvDpZaw34UKYn"
    "Lj+efviQ49UyL0czDJVBLUqTe91RDWVp27PfhqmMbTwoH388/e1JKmv74eLTj3H3xCB+9+"
    "HibXbXpS24bDPoew1XLhZyxL6dUclzY5Vkc2mgwnTHauHJ2Y2u1KrjhYDgG4LwWEI0oUvS"
    "zma+Ltq6QksoRrvkvlTxjy4O29e5bihWK1nghdEE8seIMtAyyPNzcun7fljDB7AVG/8mS3"
    "q16Aifpgp6FUcSVol2Vommjse6yS8QUeyabBDWOanonLTEan1WUf4HX+nu3FnfRGupzYJc"
    "gRNsOt5puH4Nq6KHOQak4ge2BMtCZoIEN0QcoaE/mSr7AeXWdW11AZOxUCywjwLGRNgS2p"
    "/BSzRlCy7Q46s5oZ5quHqybb0O8kRbDP0h5WiKDV24hiFgeUefl+8kTeLscUh1c2bR8R7O"
    "zKcLmXceSnG6YRvZITE0uJoMB75cOe6UuNc1aC7EW7JziveFNmKb3v9cXnwqUOsbSNZZ9l"
    "2J/ocCXzxAZktoAy7KHausD5XxfOEG2axPRKMDa7zqlGPahtsFlG2OXEACDltIR/lvfp3F"
    "srk3sDJvm8xbEjwNOaYCjlrV7G9FT8nm0vApPFChWuR0qlQ/1WdZhWdAAfIIfWJyqiMXfb"
    "KVQIwjTmAFgT5wCsafP5nA+VScjBeCwHlQjKIRg6Ot6ETdMOcErb0+6e5VC3C8x05raW0C"
    "sPEEYHuC1Ha4iAcPiwxPyrFH5OxKuebMQLXE/TuRB933Od+w68KE3Lh/9072bp5bPIMkpp"
    "m62GCsxth1sbIzImPG661ZTmCtIHYWhM7Z15PDGmrFUFsMKg4gnACbZk56Ftc9pd/8CVzJ"
    "1zKgOgProO8yePasAteqVyHZui3LtsR+kJM2L87rJiA75XXbxvahE7ucLZ0pFlMjhZLAdH"
    "CIN7/g1y73qTPebQK1egL1khDvM/Z5Lyd7um7rl6VO1wd1Vi41IAi/IRwBED0WRA1ViXS2"
    "H3FyQ3BAvCd61aLe+j9fjJRGnqquoDn66woBbuATKsObjIjwPUh05qVQ9/i0r/QrPfumvm"
    "2wgtQrJGqv1pm2Kw2+4ozN9CdfKLg8QrDxDE44RfrkTcDgTYkE4BF6+jQsg8DYdWG2tmw/"
    "WSrfF3/PXXeXgWZKPCP6ZofbsGbTyd1JJ7ctLLinc2PDX5CRC7WG2HDs7nAsVP76MGkTlj"
    "Mw66tWOl99zZlxYJCHtaRXCRC0X2I8vjMwS3UFqgMspFPjgPU0zhrLusbSxsKFAnnosXA6"
    "Wb0JVgzlnIHaRWNtk3NLch4/YhhBhYUWk839sswHTIbXLrMY+GPyFIYhiu4AMT8kEeCupW"
    "UU70bevbRLz+PbOoktMnQtjNHbZubux+846BKZ1lG+5zUytqLifZ2WYX5QiT2iZFfShcTX"
    "eYF66QLSNcYSv8MKGLng1JT6JMqSX38VGBESDuAwIz+JsuQbkd+SMOsL2OleToAVNvTLQq"
    "uNjb87qLpQoc86ONLAPsKBno/lSJcc0Ld9g8gN4atw7wwlxCMe1PPkBLC5c8dN3Rimia88"
    "4vp6fvQqrMMzJSjcmCTCKeBRoEj/S/2FT9IxHfcIR4+vvocd+2i0ur168m809T2PUOQqCQ"
    "l9M0r0DLdknKhXhBJAX+mYQYGFsLY+PAxyveIIXbGFdNmM6PlouK5nvF2IH4tDx/UUfxRN"
    "bLKZ6xijtLppKhSxM8YPYAbNRqMt0uc2Gj1QNFpUX7Nk4rKotmYXCK5SLLa4VOxWoVgdyd"
    "QIfqzG2EljzPFK2XxDbb3GWOJrEx95WtvMFy9OT0Ds4vQdFqevnW0T8lMgW/Nlh60BiyCv"
    "lFHJorYY0EEjugcvJRONVV9klcZ1kOy9LiC0q9rsqrbOUV1jQdtua9laR/D9FLUANhyd6T"
    "PU4ttIuw78bjVuFw/W8Q4fxKKytLWWst7awTTSLh1sm5RbMqd1SrjvTns5k1pRS79sVgtv"
    "+tw1q1Us2IYPafinLOLbsZZs8YSIcvGFYbWHBKSDTurg+LhKpYfj4+JKD9CWKaakflQGDE"
    "fdO8ju80p1NJ6X1NF4vl1HQz1RkrxaVcXZsgTEpioNk2X3asxu/w+qcWdq"
)
