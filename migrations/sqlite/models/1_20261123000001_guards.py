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
        CREATE TRIGGER "ledger_no_delete" BEFORE DELETE ON "ledger"
        BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
        CREATE TRIGGER "rounds_not_negative" BEFORE UPDATE ON "rounds" WHEN NEW."stake" < 0 OR NEW."payout" < 0
        BEGIN SELECT RAISE(ABORT, 'stakes and payouts are not negative'); END;
        CREATE TRIGGER "ledger_no_replace" BEFORE INSERT ON "ledger"
        WHEN EXISTS (SELECT 1 FROM "ledger" WHERE "id" = NEW."id")
            OR EXISTS (SELECT 1 FROM "ledger" WHERE "player_id" = NEW."player_id" AND "seq" = NEW."seq")
        BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
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
        DROP TRIGGER "ledger_no_replace";
        DROP TRIGGER "rounds_not_negative";
        DROP TRIGGER "ledger_no_delete";
        DROP TRIGGER "ledger_no_update";
        DROP TRIGGER "ledger_adds_up";
        DROP TRIGGER "books_opened_not_negative";
        DROP TRIGGER "books_balance_not_negative";
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
