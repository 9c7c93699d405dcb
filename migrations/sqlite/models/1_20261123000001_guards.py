"""By hand: what aerich cannot say. The database itself keeps the ledger append-only and balances above zero."""

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True


async def upgrade(db: BaseDBAsyncClient) -> str:
    return """
        CREATE TRIGGER "books_balance_not_negative" BEFORE UPDATE ON "books" WHEN NEW."balance" < 0 OR NEW."at_stake" < 0
        BEGIN SELECT RAISE(ABORT, 'the balance cannot be negative'); END;
        CREATE TRIGGER "books_opened_not_negative" BEFORE INSERT ON "books" WHEN NEW."balance" < 0 OR NEW."at_stake" < 0
        BEGIN SELECT RAISE(ABORT, 'the balance cannot be negative'); END;
        CREATE TRIGGER "ledger_adds_up" BEFORE INSERT ON "ledger"
        WHEN NEW."balance_after" <> NEW."balance_before" + NEW."amount" OR NEW."balance_after" < 0 OR NEW."amount" = 0
        BEGIN SELECT RAISE(ABORT, 'a ledger line must add up'); END;
        CREATE TRIGGER "ledger_no_update" BEFORE UPDATE ON "ledger"
        BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
        CREATE TRIGGER "ledger_no_replace" BEFORE INSERT ON "ledger"
        WHEN EXISTS (SELECT 1 FROM "ledger" WHERE "id" = NEW."id")
            OR EXISTS (SELECT 1 FROM "ledger" WHERE "player_id" = NEW."player_id" AND "seq" = NEW."seq")
        BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
        CREATE TRIGGER "ledger_no_delete" BEFORE DELETE ON "ledger"
        BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
        CREATE TRIGGER "rounds_not_negative" BEFORE UPDATE ON "rounds" WHEN NEW."stake" < 0 OR NEW."payout" < 0
        BEGIN SELECT RAISE(ABORT, 'stakes and payouts are not negative'); END;
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
    """


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
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
        DROP TRIGGER "rounds_not_negative";
        DROP TRIGGER "ledger_no_replace";
        DROP TRIGGER "ledger_no_delete";
        DROP TRIGGER "ledger_no_update";
        DROP TRIGGER "ledger_adds_up";
        DROP TRIGGER "books_opened_not_negative";
        DROP TRIGGER "books_balance_not_negative";
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
