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
    "eJztXVuT2zay/isovcSuUqZseTz2ep/GjpP4xJeUZ3KytestCSIhCRkKUAhoZFWO//tBg6"
    "REUiSHoC7DYfrB5RGBBqmvKfQV3X/15tJngTp7L6dc/Eh5sAxZ7xX5qyfoHP4oHO+THl0s"
    "tqNwQdNxYAkCmDmcRFPtEB0rHVJPm9EJDRQzl3ymvJAvNJcCaGBh5hNLqggXhJJQrshEhk"
    "QKRqjnyaXQBJ6JmGvU983S6hXRM0aUnGhD6d18p8iczWW47kfX7WRB2C0L12QlwxsWnsHj"
    "+NIzz8PF9OR3Xgr+55INtZwyMy809//Pf81lLnz21UAVf1zcDCecBX6GDWo5/oMZCM24HR"
    "zq9cIOvJnR8Ec7Hb7aeOjJYDkXOZLFWs+k2NCYrw9Xp0ywkGrmpxgjlkEQczK5FD21uaDD"
    "Jds8rr+94LMJXQbAXqCOHmN7rTccfvx0Pbx6ez0c9nZYn1CkeBJf8qSA14YLrSwSc/p1GD"
    "Ax1TPz8dmTJ9+iG23RiKbBHf/38vObny8/PzKzHsMtpXn7opfzYzw0iMa+2UWoptEylgVb"
    "zC3rdxF/J3Qx4Jv5Obh5dNUV7uTCFu/tr+cUgE/hIb4fPD1/cf7y2cX5SzPFPujmyosKFr"
    "z7eG3R3aIZUKWHtADPHwwmms9ZMagpshysfkx3lvzxAEGuQPD63Ye3V9eXH36F5edK/RlY"
    "sC6v38LIwF5d564+usi975tFyO/vrn8m8JH8+9PHtxZOqfQ0tHfczrv+dw+eiS61HAq5Gp"
    "oNL4VJcjm59A32q8lN6tcDF8bUu1nR0B/ujMiBLJu7OzQfzPNXqKBTyyRAE54zlk6fmSdh"
    "s31jPhZJr8x4pfQK45nmDfTrSq9LogyV8M24p63gIAu6YGEkJa5+vvx+8PyCyImRLbCquU"
    "q1FQvKTPXYrlA6xIJ7yBru7/5IX/Np6b4Xzb9704vFRXtFTLTj/WMwePbsxeDJs4uXz89f"
    "vHj+8slm69sdqtoDX7/7CbbBzA8y2RerpI7PhjOqZi6yPkPUOWl/cV5D2F+cl8p6GMoKo6"
    "VifgNhlCI7gDCKAUVZdBhZlONvOHTdx1JEXdLgTrCf7agBWU7ssuFHGTI+Fb+wtWXFO/Pc"
    "1EiuAuhjCf5bvMwDY8G35B1Lrm5/9iFdbWRv+tUz3918Y6ajHf/y6s3lD2973+5Lr5qYH+"
    "XsWt4wUaxXpcbv0KvsTKOPmKk19arrvLITL0LsImfkksB+bO10qwF5cs4UgW9uZt6aOcag"
    "18roUkqZFXfVrCOsv4fWZW/qLPizVCj5SyR/hboVMoCmgTKQpUTjtO0KASp8HeZvvAkX6n"
    "wVLtIM1WF2z/tW+rJ+0kEdN+mg3Es6eFyt3sUIHkDDu9qu9MAgr6vkZd+2Nul5CfYFKl6K"
    "LeXaXfzNaup1n4xCZQMur4zONaFzHqxB/wqlptrgnFXDFKHCt34v6nnmNsnVOfUZmYRyDm"
    "PzXeXuWDc5sF+tfG865J7UIo3uMDsSanQo8ZkxfNx5nCJDBreawezrgpvlGvA4S4lsbjWb"
    "I1dKk+06S4n22UPg8mq2dlGCcmSNtKGWcfU46lAu9GHU/KLUlXKgs1Sns4R7vZPAPKiVLz"
    "SoyBcaJPlCW6TjZDAXmFMkncP4KFFajOJhFO/eWXCCKF5aUuYjZbl3P6b/8ZfPLKA69s0U"
    "452Pz3UE92/H9IXZd7TAEZa8u+VeMGB/7ZSxhZkrBVlxPSM08lSdkTeSx74om0tqphAaMk"
    "hLBt/UigbmjfpOkbGUN6pPhNRkxsLCBLJDL4/pZC3euPsV3jB4Ke3fjspgQoNBkZo6N/w9"
    "vGFO5k2eDr29d0LN5pQHLhhvCDr4Jg+e19G5zaxys+b5jtZtAXN9kzNEnXuNj4Lzgiq1kk"
    "Zdcc352SHs4pt9DIM9lIGTHEzmn9BUXwR0HemZx8f46UUNiJ/mvYZbhGEoC7Cx//TSySGy"
    "pTghyEY157fsoYKspV4MFfNC5uThy5F1z5V6eP+ThcweQFOaLdysmF3aRt6otiF+Qpsmxw"
    "cmAJImcaICcgwWtTlYhBkcnWWzw4HRtEs0fyhzH5do9ijow+T/rku0IBl2T6S6l5B5VL/x"
    "a/Ca9gocx9FAv8pzPN5MqZU8GRkJ3ykC2jODtEa40ifejIqpPbESrMl4TeAHa3BSxdmRzq"
    "t8EV/EyPx24K0YkZCb1yxyMDPqzZJp1r08XRo44XTMGYFDNhlv8w1bRH5lomR0rgZKbiwN"
    "FVf2rM1vv8Lu9OqLCPiEfQ/7NJnwKRQTicpreMswZEKT367fEJ+uv4s82u+uPpEVY1CL4x"
    "HMChj1WTiW8CDfEeVJS2+f1D4zzOE2YKXNc5IVVV9ECMPMfxyX8dDm802fLAXU+DCAmEHO"
    "btnc3NzcU5Ex1wqGzTQfvOV8wj37m4qeaAXfDRYaS7EErARj/r7O9IhpzkHRDNlhwqLoW+"
    "/FvwU3VqSIMD7d2CQY0yAJNdeHPkWE0DeGnoJJS28csU9TIfiNwTcm7NRs5Ir96QZ/lg4Z"
    "sC8DZkbmu3jfcmQd9Ngf3v2mjL40XFBerO5UnerL0nUQ7MPHVQX7anbohogXEiPsdWCXzl"
    "rMhgR38ca7uDU4i/wjFbhvaRD4xsCveKFbqgL2hAJBbwy6VbwdPQZbGgS++TbD9DIUrtCn"
    "qRD8xuAvQjnhBRGkSj/ZhgaBb+6bYUoPzbbt6JxJUSH4+4G/oGu5dHz1c4TIgv1Y0MBFlq"
    "VDBuyh70DkZhf8CmUnIegS6gcr3Z0OfDl6fXOUXYL3xC91JsA4jKKOro6D4hWQKY2Z4sGJ"
    "qiZ5Sik6zFJqXZbSrhnRgMcZQmRyq5m8avYzXuGv+IEw2KcFx5mAucWMjadXMbVbDAUm5W"
    "SbwWDYxE+epUPlorFyAUC6+8vTVAj+XuA38SBm6ZABezHAqsnu+G/IEP794W+gFuVpUTdq"
    "u240bGzl7BAjs1vP7IbWTo4UGd1qRsNhCBeTJ5n/t7Z5AIRGRk+OEBWP5hlCgGSDNKE0Gc"
    "K/H/xNDJ8cIbJgPxY0MH2ydMiAAzCgiU84T4x6Uuv1pObmzy41srv97G4a7snRIqtbzWp7"
    "7nroGPnJEO1pCz2cEjEFplAEhHMqVZ6sS2rIwRKqQjbhQdCo5UWKEIsYtW33cahuc8xSJD"
    "9QHqx/jGpm9AoqkmTG+1WFSXyYOZykptYpbZ0UFjG76KuotgeUk2aaRIpS1FFtSqGbbtJ3"
    "LT6aT6i2PXWZ8AurWh9u5YIaHP/JlskAGfDfunU5sMj1fRbiaE9VlHYIqtPHCl1ULEyuwQ"
    "Oo95dGzXQj92aWDhnQ/HQMVu45JfQtUUnf+Wy+kJoJb/0LWxcppbkZlWop386FmvM1NVMo"
    "RTfhodJGN1QrFhItofYcM2+E0lEpurm8ZdAdhQujV9pKdWbOmJEpv2WC0Klh4K5eesB179"
    "ZKocR+Xiv9q7flQroEKkxjXxdhUg4yZlIMfPxmJj+knp1sILQfvqGmi5ou7qB54eXYFeOg"
    "/TDuG/BsWfvByxqlcMys8sL2MJZFd2Luz8JFyN16V+bIOoj2EWprlXRquJrTIKgqClLcre"
    "FB7yHPBi8uNrsGfKjaJ64+XL5/X6DVSr9gZ7g2ArXMTe53Z2uoctu+/dd1xmObvJSPPlz+"
    "63HGa/v+08efkumpl/jN+0+v86cusT48etCPaq58Wuqx/PpW6LDQVkkPVxoq0k6sZ568vb"
    "WFpa29EDB6ywidaLAmbAXt+ZzbatJrsoLa2auQa2P/2FrWfevrhtraWgZ+ZE0QPiFCwi5D"
    "fF7gSz/2zQ7cL7Jc+B+y1mCLOo4dqtJguSWBm2hnN9FMN7/b4qod5arJlgKVk5rKSUuk1q"
    "/Gyn/Pzd5dGPVNjVbKLPAVDIPtxDsF1+9RE4fIx0CM/SBXIFnYXLHglqkzcs2nMyM/oDuE"
    "bQWhIBgLVUz7JJBSRSOR/Bmck5lchoo8Gi2Y8M3A6PGu9DrJHbFLw0Py0ZQLuiiHIZDK+S"
    "Rpmg67tzX1mcXdiIZzLpa6qH1Tubthl7JDbDhgNhkNuF4PvRnzbhrAXEqPYBdUFY1kxC68"
    "/3P16WPJtr4lySvL3NPk/0jA1QNEtgI2wKJascrrUDnNFxbIe31iGIeQ49WkHNMuOSZQtt"
    "lyAQ4M5VIPjf7GmyTLFi6APG8bz1tiPF2HVCjoDG3R37Ge0sOV5lPU6aWe5XRptn5hW+9F"
    "LeuA8ox8lHpmLRfbiE8RGZKQQQaB7Y8H7x+fTqGdXsgmS8WgfZ0UZCyhE5+YmgULGv4d9U"
    "53Zy1A36G9cmnRAXhwB2B7jNR2qIgnN4scW3hh7659IbeYOWwtyfxO+EFz+RsXddI38qpA"
    "KnvjIp9RAKcuXMBN5jcCt2Uq2LGxpXNwYrptF1sa3DH2TVYejtlEhs1yllO0yIi9GWF99s"
    "34sCFFNjRmg7EDWMgATTclPU/XvU3/8K0B04/lAHWOrIO6y+DJkxpYm1mlYNuxPNqa8qDA"
    "bV7u102R7OXXbRvap3bshnI1nFE1c9pQUjQdfMUPn/CL6T5N3nd0oNZ3oF4x5v9Kedgr8J"
    "5uxvpVrtNNB+HapQYUC29ZSICQPFLMvKqaWG8/CdktowHzH9usRXv0f7Ecmx15ZqbCztHf"
    "VAjwAs6EjhYZM8V9cHQWuVCPeLcv4ot4+9V822ANrldw1I42nraRJR6FUs7tJ64MuT4jcP"
    "AMWi8T2xIYaOi2RALgCDO5iMogSHlT6q2tOk+W8fcl33Pf02WwM6XuEX+z0x1YQ3dyd9zJ"
    "bTML7qmhdfQLclKhNiRojt1tjkWbv+1y74Jyjgx11TqH07aYORsGRbQIeh0Dweolzu93jg"
    "yhrgF1QJUeWp3NTVZm6VBYNhWWaAuXMuSh28JZZ/XWWHHkc44Uk8baxueW+Dx+ovAGlRZa"
    "TA/3qzwfEAxvXGYx4BP2PbyGJF4BbH5wIsCqlWUU76a8O7XLxvGxTmKLBF0LbfS2ibn70T"
    "tOmiLTOsiPnCODFRXvq1uGe6MSbFGyL+hK05siQ70ygXRDg8DvkQGjl6FwhT5NheA3zwJj"
    "SkMDDjfw01QIvhP4LTGzPoOc7hUYWNFAv8q02sr4u42qT8b02RhHlrBPaGDjsSGxJQfssq"
    "8Iu2XhOjo7IxjzmQ/1PEMGtIWx40MtDGHikc88buOjo6gOz4yR6GCSikLA48CA/of5F93J"
    "2nShz0LyaPRXNLFPxutvo8f/JDPu+0wQz3BI2cUEsxFuLUNmHhFKAH0REwkFFqLa+nAz8P"
    "WqMzKSS+3JObPxaLhuI94e2I/lpuMmxB9bE1tv5sbGqKxumjFFMGL8ACJoaI22aD9Ha/RE"
    "1mhZfc2KwGVZbc0uAFynWGx5qdidQrHWkmlg/OCOsdeOsaBrI/Mdd+sNDQLfGPhY09pFvj"
    "w5PUWCyel7JKdvlG0X8DNEWPNlj6MBy6ColFFFUltC0EEhegQtJWeN1U+yytJ1EOyjJhBi"
    "VhtmtXUO6gYJbfvlsrUO4PspagFoDK2nz3EX36XEPPC7t3FMHmyiHT6IpLKstNa6We5glh"
    "JTB9vG5ZbEtD5KzSfco2UF5zLj/aoIl0jNrBnoupJzFkWZNlW0V1TZlg5nZARMHb0i1Jtx"
    "dsvmoAktRSC9G4gJjfkUgql9EtVHtv3e+0StlWbz4ZwpZb4uRLUWoZzL3UjYye4MobI3tq"
    "6dT6QI1iQJREVHNG3AKonI2cORfbKacW8WFQy340thdmygZlAdPAPzMBqrXSocg1gPWvxj"
    "EKut2u8aS7odTdXV3CgyTugmBB2E9+mgTtUZM6ui4+FO1ZlYarlgnCLpIMrPa9X2eV5R2+"
    "f5bm0f7rmVUErmdxDfY5SpwsJJ9xUdMRpogdohZcCoKEtEpUUqh1GAg24B/vrTp/cZwF+/"
    "yzdv+u3D67dmx7bom0lcl+gY6PFpwgD0BdT3BfwW27iXW7u3V+ASKJrWr/IMJLbzMGVQ10"
    "6F9YyBbKzlpMkWlC8yDH5lLWMwh8ZUsbgwvDLGvGLm3SjoNLnPQnefPrQ/Jjx92CLbDE3l"
    "VrEDTeWTaMFN4m97R97+biBvxZmzJpYjRVWsdapYLi9JNIq8bcgw7NY2/rZE1Taaxu+8MO"
    "AWj1Qq1HEIqnaNjugAlu2yvqDcB/cW8SQXttXSXIbMqsP2DzNJ2MKhNlM9Ku5pKOKzVXah"
    "7yDcJe3n6EBXXN6TF5f5OO3NHWNgKyn2LSJaqua3QxhjGAx1+1Pp9sZ0DoXjea40DaqfNd"
    "RPPDCHLY66t3XEgthR1d5SoSmFqnaxqm12Rv0hjlYX6Nvp4Uql2zMTk/wuh0IOMcUZ+Wxb"
    "msZ5XEbBXZOJUYBBkZ1J6GqqJZQ0iCr0Qw0ENZMrAVeFHEt/TczzFOjXx7mFoxYNNbyBbM"
    "8kslw5fsxPe2hKSrlinrwh9e2gaH4HlZbzOqfQz8uPoZ/vnENHqwetnnuH/shWD6aonSJF"
    "TUGqexOP94YM9fDW6eHZXC2rITaqRZ6mxMDGQ+DyeO2mEWTpsLODi0bQJmt3qctNXRjr32"
    "3nmmmOJeDJaibJ3Nic9rTSeAn94DRZhVyzuD2dMSVFeSF4B/q7zdNSe689ujKmYvUsWxul"
    "UWzpUOFouSiiyu3Yw5aig1r7UZpGw2btLuzTVGj9P1RZ/5ktZFiYpp0avVveh3aiq8Sf2N"
    "QOmjigjbCWYnpGinKtEx91ufhvuFhhcnY8YdMuFr5ccVlfTNJupWaQZaCjxweTWev71dK/"
    "Daf3PUeIEqSx/xhVpOOrSPHb2szxlSFFe6PV9oYXSNXskGSaEN2bbeNxm1RuiE2XKdxx3P"
    "ouddtMq6ls/w6J07COeddkqIhi2mZ1UAKLnJFL+7+tJiSX2l5ekRlVREiioGEG0O6q3Ydb"
    "dg9n3P1mBbQoAeNQOQHlCjXwbBidaS0oklBerz5H1iU1b/D0/MX5y2cX5xvtbnOlSqlrlQ"
    "ugbC+6ex9y2IIuo7ZA1vROdQbi2jYHgqppZCoJ9POxpcts756VDG/Mf1PJlBmJip0VtSQ6"
    "4Nq2KxH0r2AjMpOBnzo1AkdEbPMie+wbmgfNaRCQOZvLcA3tiuBa9CCPFGNkZAt4nwFG0J"
    "9o5JsNjupNiyHBvmqzpLmX0F+E2Uijkm2UeHC8L7teuISTLkt9Rkbm2SFzbURCDmfM7XPb"
    "70w8WyGuSepd9GSHTLvbdgDBnLsHYMqXb/m2m7PrcesMUQety8MfGZgZ7dbZe5Ii6pJIPb"
    "HnBDgbuYULdJor2OLLox9Z0i4x4dngxcUGdvhQBfTVh8v37wt67IT8luqiOupVZZ1SVFjZ"
    "qX5lJy5uzZjB0XfaqnNkB6ma3iIBefides7FsEHPrgxZlzaKe9itm8CfJkP4G8M/Zlqbpy"
    "p3AlQLzALyLjHjEEITuy0es9viYkaVk3zcECC2d2EbeybcNuYUUZd2glNHf23FDyEdo+8p"
    "KgS/Mfg+o37ABWsQL8yRYsSwbRHDDJ+XjVi8RO4+BO5i/8gTJoxhf717kVRqwTxtQ/Uu0d"
    "sMUZfQ3yt2m7fZnDpabwiwZ8AePQOop/ltE5mcIcRcvFbLZexY8PdgM6ZcdpLHLUlxujJb"
    "Qa8gxcle71elOCkzw/VIE4VcR7vCGRnZsMPIJg2Nxkyrka2atYLUSa6InExYyHxI/gkYgX"
    "E7LBdM/DOucAvH6c04E5AQtCb2ha84AnWimxcemYJcp8QO2hx2NozJjACiO0eoSop2nSx1"
    "CE9lHdboqK7i5VzQePtaoXl9t3ndnvoE9w001vLq6juuIpHg7K1LUyHQtYAuUsqr4/wJTZ"
    "c2kUME9/8wOlUjKydDiKZs68ycfCvLojIad/WyLCqigSmPFSmPvhSuyaUJCcJcH+YG6XaY"
    "aneQVDunTsTJfAwp7BFS8EO5WDSS0FlKdES2TUK3xBF5Ddz9DIlXvQJ3ZGq0X+WUtH8Mbf"
    "6WY/8uOUm8g6+iJllwQLJvyybaTdu3zsF+1NCWedy63eDkY9Qo69HoL9Dt+wRCaHCgcrz+"
    "Nnq8OREpl9qTVR28TnN7e4iTCQOJSFyeCeHGx9Enicndj27dJ0nfLPVtZM+uU48R28h3ZJ"
    "MPzEpiOR+zUJFJKOfx1RGRdetJ7rQ7wLYED8cgRocmtqtqA7iHP9GEJw6OmRWPeYUn9VWG"
    "t0a6W+xmVM3cAN+l7SDoF+c1QL84LwUdhrKgewGH1g0AnAveOTKEugbUmDd7L66YSP13DY"
    "JsqboE/SHCIIlp5uLeStOgi2sfF1diVrugnyFC+PeAP/ZRuICfItkL+ofjUTwK8phJ3IQV"
    "D8K5m7UBtA4asTlLiS78tnG5JS78SyHk0qh2c6OS9Aqc+JnxfpUbn6Zm1vTjjwJ2y4LRK8"
    "LFRBIZEvN9BIceB9czRrhvqwuat/N76zBn/hkZJbvXeG3IrJt8ERVs7ZOPUrBNe18jY+bg"
    "SYcDybse/FPeeI9qsOjz7p3C56252SldkN4QdNDOfzqoU2zezCp3yg52+/Fgr9IT9Cq1m5"
    "oLxhuCDiJ8+NDCVgK4Oa2ydNhDsqnjCk0eVIaPrAyzkHuzQjU4GqlWgLdz7tJ8yxl7YG3x"
    "73IMbM/qB+W6YWkdsHKpWl4FrAtydfD8eQ3BamaVNyOCsVzxA/OjckA4nt5BdJ/W0gufVu"
    "iFT3f1QnNHHZvvdb20KRJ0kDu6ae9VmH37f5fe7cQ="
)
