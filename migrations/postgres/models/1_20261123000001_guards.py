"""By hand: what aerich cannot say. The database itself keeps the ledger append-only and balances above zero."""

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True


async def upgrade(db: BaseDBAsyncClient) -> str:
    return """
        ALTER TABLE "books" ADD CONSTRAINT "books_player" FOREIGN KEY ("player_id") REFERENCES "users" ("id");
        ALTER TABLE "ledger" ADD CONSTRAINT "ledger_player" FOREIGN KEY ("player_id") REFERENCES "users" ("id");
        ALTER TABLE "books" ADD CONSTRAINT "books_balance_not_negative" CHECK ("balance" >= 0 AND "at_stake" >= 0);
        ALTER TABLE "ledger" ADD CONSTRAINT "ledger_adds_up"
            CHECK ("balance_after" = "balance_before" + "amount" AND "balance_after" >= 0 AND "amount" <> 0);
        ALTER TABLE "rounds" ADD CONSTRAINT "rounds_not_negative" CHECK ("stake" >= 0 AND "payout" >= 0);
        CREATE FUNCTION "refuse_ledger_change"() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'the ledger is append-only' USING ERRCODE = 'restrict_violation';
        END $$;
        CREATE TRIGGER "ledger_append_only" BEFORE UPDATE OR DELETE ON "ledger"
            FOR EACH ROW EXECUTE FUNCTION "refuse_ledger_change"();
        CREATE TRIGGER "ledger_not_truncated" BEFORE TRUNCATE ON "ledger"
            FOR EACH STATEMENT EXECUTE FUNCTION "refuse_ledger_change"();
        CREATE INDEX "books_coins" ON "books" ("balance" DESC, "coins_at", "player_id") WHERE "rounds" > 0;
        CREATE INDEX "books_profit" ON "books" ("profit" DESC, "profit_at", "player_id") WHERE "rounds" > 0;
        CREATE INDEX "books_wins" ON "books" ("wins" DESC, "wins_at", "player_id") WHERE "rounds" > 0;
        CREATE INDEX "books_day_coins" ON "books" ("day", "day_coins" DESC, "day_coins_at", "player_id") WHERE "day_rounds" > 0;
        CREATE INDEX "books_day_profit" ON "books" ("day", "day_profit" DESC, "day_profit_at", "player_id") WHERE "day_rounds" > 0;
        CREATE INDEX "books_day_wins" ON "books" ("day", "day_wins" DESC, "day_wins_at", "player_id") WHERE "day_rounds" > 0;
        CREATE INDEX "books_week_coins" ON "books" ("week", "week_coins" DESC, "week_coins_at", "player_id") WHERE "week_rounds" > 0;
        CREATE INDEX "books_week_profit" ON "books" ("week", "week_profit" DESC, "week_profit_at", "player_id") WHERE "week_rounds" > 0;
        CREATE INDEX "books_week_wins" ON "books" ("week", "week_wins" DESC, "week_wins_at", "player_id") WHERE "week_rounds" > 0;
        CREATE UNIQUE INDEX "rounds_one_open_hand" ON "rounds" ("player_id", "game") WHERE "status" = 'open' AND "table_round_id" IS NULL;
        CREATE INDEX "rounds_table" ON "rounds" ("table_round_id") WHERE "table_round_id" IS NOT NULL;
        CREATE INDEX "notifications_unread" ON "notifications" ("player_id", "id") WHERE NOT "read";
    """


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
        DROP INDEX "notifications_unread";
        DROP INDEX "books_coins";
        DROP INDEX "books_profit";
        DROP INDEX "books_wins";
        DROP INDEX "books_day_coins";
        DROP INDEX "books_day_profit";
        DROP INDEX "books_day_wins";
        DROP INDEX "books_week_coins";
        DROP INDEX "books_week_profit";
        DROP INDEX "books_week_wins";
        DROP INDEX "rounds_one_open_hand";
        DROP INDEX "rounds_table";
        DROP TRIGGER "ledger_not_truncated" ON "ledger";
        DROP TRIGGER "ledger_append_only" ON "ledger";
        DROP FUNCTION "refuse_ledger_change"();
        ALTER TABLE "rounds" DROP CONSTRAINT "rounds_not_negative";
        ALTER TABLE "ledger" DROP CONSTRAINT "ledger_adds_up";
        ALTER TABLE "books" DROP CONSTRAINT "books_balance_not_negative";
        ALTER TABLE "ledger" DROP CONSTRAINT "ledger_player";
        ALTER TABLE "books" DROP CONSTRAINT "books_player";
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
