using Plug1.Kernel.Audit;
using Plug1.Kernel.Audit.Seals;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Security;
using Plug1.Kernel.Storage;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Kernel.Tests.Audit;

/// <summary>Blocks over events and ledger transactions: what was sealed cannot be changed without being found, whoever changes it.</summary>
public sealed class SealTests
{
    private static readonly DateOnly Day = new(2025, 1, 15);

    [Theory, OnBothEngines]
    public async Task Everything_written_is_sealed_once_and_the_blocks_are_chained(Engine engine)
    {
        await using var trail = await Trail.Make(engine, 25, chunk: 10);
        var findings = await trail.Check();

        findings.Found.ShouldBeEmpty();
        (findings.Result.Blocks, findings.Result.Events, findings.Result.Transactions, findings.Result.Unsealed).ShouldBe((3, 25, 25, 0));
        (await trail.Seals.CatchUp()).ShouldBe(0);
        await trail.Write(25, 3);
        (await trail.Check()).Result.Unsealed.ShouldBe(6);
        (await trail.Seals.CatchUp()).ShouldBe(1);
        var grown = await trail.Check();
        (grown.Result.Blocks, grown.Result.Events, grown.Result.Transactions, grown.Result.Unsealed).ShouldBe((4, 28, 28, 0));
        grown.Found.ShouldBeEmpty();
    }

    [Theory, OnBothEngines]
    public async Task Two_nodes_that_seal_at_the_same_time_seal_nothing_twice(Engine engine)
    {
        await using var trail = await Trail.Make(engine, 0, chunk: 10);
        await trail.Write(0, 120);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => trail.Seals.CatchUp(10))));
        await trail.Seals.CatchUp(10);

        var findings = await trail.Check();
        findings.Found.ShouldBeEmpty();
        (findings.Result.Events, findings.Result.Transactions).ShouldBe((120, 120));
    }

    [Fact]
    public async Task On_PostgreSQL_an_event_that_commits_late_is_sealed_later_and_not_passed_over()
    {
        await using var trail = await Trail.Make(Engine.Postgres, 0, chunk: 10);
        var (held, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        var late = trail.Test.Database.Write(async tx =>
        {
            trail.Stage(tx, 100);
            await tx.Flush();
            held.SetResult();
            await release.Task;
        });
        await held.Task;
        await trail.Write(0, 5);
        await trail.Seals.CatchUp();
        release.SetResult();
        await late;
        await trail.Seals.CatchUp();

        var findings = await trail.Check();
        findings.Found.ShouldBeEmpty();
        (findings.Result.Events, findings.Result.Unsealed).ShouldBe((6, 0));
    }

    public static TheoryData<Engine, string, string> Tamperings()
    {
        var data = new TheoryData<Engine, string, string>();
        foreach (var engine in (Engine[])[Engine.Sqlite, Engine.Postgres])
        {
            var copy = "id, at, user_name, roles, function, action, object_kind, outcome";
            var (later, mark) = engine == Engine.Sqlite ? ("seq", "-1") : ("seq, tx", "-1, 1");
            void Add(string sql, string found) => data.Add(engine, sql, found);
            Add("update audit_event set user_name = 'bob' where seq = 13", "event 13 (");
            Add("update audit_event set diff = '{}' where seq = 7", "event 7 (");
            Add("update audit_event set device = '' where seq = 7", "event 7 (");
            Add("update audit_event set reason = null, reason_text = 'r' where seq = 7", "event 7 (");
            Add("delete from audit_event where seq = 13", "is missing in block 2");
            Add("delete from audit_event where seq <= 10", "is missing in block 1");
            Add($"insert into audit_event ({later}, {copy}) select {mark}, {NewId(engine)}, at, user_name, roles, function, action, object_kind, outcome from audit_event where seq = 3", "is in no block");
            Add("update audit_event set seq = seq + 1000 where seq in (3, 4)", "is missing in block 1");
            Add("update audit_event set seq = case seq when 3 then -4 else -3 end where seq in (3, 4); update audit_event set seq = -seq where seq < 0", "event 4 (");
            Add("update ledger_transaction set memo = 'other' where memo = 'sale 4'", "the head of ledger transaction");
            Add("update ledger_transaction set business_date = '2024-12-31' where memo = 'sale 4'", "the head of ledger transaction");
            Add("delete from entry where transaction_id in (select id from ledger_transaction where memo = 'sale 4'); delete from ledger_transaction where memo = 'sale 4'", "is missing in block 1");
            Add($"insert into ledger_transaction (tx, id, document_id, branch_id, user_id, business_date, posted_at) select 0, {NewId(engine)}, document_id, branch_id, user_id, business_date, posted_at from ledger_transaction where memo = 'sale 4'", "is in no block");
            Add("update entry set amount = amount * 2 where line = 2 and transaction_id in (select id from ledger_transaction where memo = 'sale 4')", "entry 2 of ledger transaction");
            Add("update entry set account_id = 2 where line = 1 and transaction_id in (select id from ledger_transaction where memo = 'sale 4')", "entry 1 of ledger transaction");
            Add("update entry set value_date = '2025-01-16' where line = 1 and transaction_id in (select id from ledger_transaction where memo = 'sale 4')", "entry 1 of ledger transaction");
            Add("delete from entry where line = 2 and transaction_id in (select id from ledger_transaction where memo = 'sale 4')", "entry 2 is missing: the end of ledger transaction");
            Add("insert into entry select transaction_id, 3, account_id, unit_id, amount, business_date, value_date from entry where line = 2 and transaction_id in (select id from ledger_transaction where memo = 'sale 4')", "entry 3 was added: the end of ledger transaction");
            Add("update entry set line = 4 - line where transaction_id in (select id from ledger_transaction where memo = 'sale 4')", "entry 1 of ledger transaction");
            Add("update account set subject = 'another' where id = 1", "entry 1 of ledger transaction");
            Add("update unit set code = 'USD' where id = 1", "entry 1 of ledger transaction");
            Add("update seal_block set root = hash where number = 2", "block 2: its root is not that of its leaves.");
            Add("update seal_block set hash = root where number = 2", "block 2: its hash is not that of its head.");
            Add("update seal_block set sealed_at = '2025-01-15T09:00:01.000000Z' where number = 2", "block 2: its hash is not that of its head.");
            Add("update seal_block set event_leaves = transaction_leaves where number = 2", "block 2: its root is not that of its leaves.");
            Add("delete from seal_block where number = 2", "block 2 is missing.");
            Add("delete from seal_block where number = 3", "is in no block");
            Add("insert into seal_block select 4, sealed_at, events, first_seq, last_seq, transactions, first_transaction, last_transaction, root, 'x', 'y', event_leaves, transaction_leaves from seal_block where number = 2", "block 4: it does not name the hash of the block before.");
            Add("update seal_block set number = -number; update seal_block set number = case number when -2 then 3 when -3 then 2 else 1 end", "block 2: it does not name the hash of the block before.");
        }

        return data;
    }

    private static string NewId(Engine engine) => engine == Engine.Sqlite ? "'0198c0de-0000-7000-8000-0000000000ff'" : "'0198c0de-0000-7000-8000-0000000000ff'::uuid";

    [Theory, MemberData(nameof(Tamperings))]
    public async Task What_is_changed_behind_the_back_of_the_program_is_found_and_named(Engine engine, string sql, string found)
    {
        await using var trail = await Trail.Make(engine, 25, chunk: 10);
        await trail.Tamper(sql);

        (await trail.Check()).Found.ShouldContain(difference => difference.Contains(found, StringComparison.Ordinal), string.Join('\n', (await trail.Check()).Found));
    }

    [Theory, OnBothEngines]
    public async Task The_first_difference_is_the_first_that_is_told(Engine engine)
    {
        await using var trail = await Trail.Make(engine, 25, chunk: 10);
        await trail.Tamper("update audit_event set user_name = 'bob' where seq in (8, 12, 21)");

        (await trail.Check()).Found.ShouldSatisfyAllConditions(all => all.Count.ShouldBe(3), all => all[0].ShouldStartWith("event 8 ("), all => all[2].ShouldStartWith("event 21 ("));
    }

    [Theory, OnBothEngines]
    public async Task A_forgery_of_the_whole_trail_is_found_by_a_digest_that_was_kept_elsewhere(Engine engine)
    {
        await using var trail = await Trail.Make(engine, 25, chunk: 10);
        var digest = new SealDigest("Shop", (await trail.Check()).Result.Last!);
        (await trail.Check(digest)).Found.ShouldBeEmpty();

        await trail.Tamper("update audit_event set user_name = 'bob' where seq = 13; delete from seal_block; update watermark set tx = 0 where name like 'audit%'");
        await trail.Seals.CatchUp(10);

        (await trail.Check()).Found.ShouldBeEmpty();
        (await trail.Check(digest)).Found.ShouldBe(["block 3: it is not the one whose digest is kept elsewhere."]);
        await trail.Tamper("delete from seal_block where number = 3; update watermark set tx = 10 where name like 'audit%'");
        (await trail.Check(digest)).Found.ShouldContain("block 3 is missing: a digest of it is kept elsewhere.");
    }

    [Theory, OnBothEngines]
    public async Task A_proof_holds_by_itself_and_against_a_later_digest_and_says_nothing_else(Engine engine)
    {
        await using var trail = await Trail.Make(engine, 25, chunk: 10);
        var last = (await trail.Check()).Result.Last!;
        var id = await trail.Test.Database.Read(db => db.First($"select id from audit_event where seq = 13", row => row.Guid(0)));
        var proof = (await trail.Test.Database.Read(db => SealProofs.OfEvent(db, id, until: 3))).Value;

        (proof.Index, proof.Block.Number, proof.Chain.Count).ShouldBe((2, 2, 1));
        SealProofs.Flaw(proof, null).ShouldBeNull();
        SealProofs.Flaw(proof, new SealDigest("Shop", last)).ShouldBeNull();
        SealProofs.FieldsOf(proof).Take(3).ShouldBe([SealedRows.EventForm, "13", id.ToString("D")]);
        SealProofs.FieldsOf(proof).Count.ShouldBe(1 + SealedRows.EventFields);

        var forged = Convert.ToBase64String([.. Convert.FromBase64String(proof.Data).Select(sign => sign == (byte)'a' ? (byte)'b' : sign)]);
        SealProofs.Flaw(proof with { Data = forged }, null).ShouldBe("Its data do not lead to the root of the block.");
        SealProofs.Flaw(proof with { Index = 3 }, null).ShouldBe("Its data do not lead to the root of the block.");
        SealProofs.Flaw(proof with { Block = proof.Block with { SealedAt = proof.Block.SealedAt.AddSeconds(1) } }, null).ShouldBe("The hash of block 2 is not that of its head.");
        SealProofs.Flaw(proof with { Chain = [last with { Previous = proof.Block.Previous }] }, null).ShouldBe("Block 3 does not follow block 2.");
        SealProofs.Flaw(proof with { Chain = [] }, new SealDigest("Shop", last)).ShouldBe("The digest is of block 3, which the proof does not reach. Ask for a proof up to that block.");
        SealProofs.Flaw(proof, new SealDigest("Shop", SealBlock.Make(3, last.SealedAt, 1, 1, last.Root, last.Previous))).ShouldBe("Block 3 is not the one of the digest.");
        SealProofs.Flaw(proof with { Data = "?" }, null).ShouldBe("It cannot be read.");
    }

    [Theory, OnBothEngines]
    public async Task A_ledger_transaction_is_proved_with_its_entries(Engine engine)
    {
        await using var trail = await Trail.Make(engine, 25, chunk: 10);
        var id = await trail.Test.Database.Read(db => db.First($"select id from ledger_transaction where memo = 'sale 4'", row => row.Guid(0)));
        var proof = (await trail.Test.Database.Read(db => SealProofs.OfTransaction(db, id))).Value;

        SealProofs.Flaw(proof, null).ShouldBeNull();
        (proof.Block.Number, proof.Index).ShouldBe((1, 14));
        SealProofs.FieldsOf(proof).ShouldSatisfyAllConditions(
            all => all.Count.ShouldBe(10 + (2 * 10)),
            all => all.Take(2).ShouldBe([SealedRows.TransactionForm, id.ToString("D")]),
            all => all.Skip(9).Take(11).ShouldBe(["sale 4", "entry", "1", "cash", "1000", "EUR", "EUR", "", "500", "2025-01-15", "2025-01-15"]));
        (await trail.Test.Database.Read(db => SealProofs.OfTransaction(db, Guid.Empty))).Refusal!.Code.ShouldBe("NOT_FOUND");
    }

    [Theory, OnBothEngines]
    public async Task An_event_of_this_minute_has_no_proof_yet_and_an_unknown_one_none_at_all(Engine engine)
    {
        await using var trail = await Trail.Make(engine, 5, chunk: 10);
        await trail.Write(5, 1);
        var id = await trail.Test.Database.Read(db => db.First($"select id from audit_event order by seq desc limit 1", row => row.Guid(0)));

        (await trail.Test.Database.Read(db => SealProofs.OfEvent(db, id))).Refusal!.Code.ShouldBe("AUDIT_NOT_SEALED");
        (await trail.Test.Database.Read(db => SealProofs.OfEvent(db, Guid.Empty))).Refusal!.Code.ShouldBe("NOT_FOUND");
    }

    [Fact]
    public void The_bytes_of_a_row_never_change_their_form()
    {
        var bytes = new CanonicalBytes().Begin("form-1").Add("é").Add((string?)null).Add("").Add(-7);
        Convert.ToHexStringLower(bytes.Data).ShouldBe("00000006666f726d2d31" + "00000002c3a9" + "ffffffff" + "00000000" + "000000022d37");
        SealBlock.Make(1, new DateTimeOffset(2025, 1, 15, 9, 0, 0, TimeSpan.Zero), 2, 1, SealBlock.Nothing, SealBlock.Nothing).Hash
            .ShouldBe("4bbe2d791238a7ac9f63c77a7d455f30df5b07261671f61dfad6501ee701c90e");
    }

    /// <summary>A database with events and ledger transactions, sealed.</summary>
    private sealed class Trail : IAsyncDisposable
    {
        private readonly FakeClock clock = new();

        private Trail(TestDatabase test) => (Test, Seals) = (test, new AuditSeals(test.Database, clock));

        public TestDatabase Test { get; }

        public AuditSeals Seals { get; }

        public static async Task<Trail> Make(Engine engine, int count, int chunk)
        {
            var trail = new Trail(await TestDatabase.Create(engine));
            await trail.Test.Database.Write(async tx =>
            {
                tx.Stage($"insert into unit (code, scale, kind) values ('EUR', 2, 'currency')");
                tx.Stage($"insert into gl_account (code, name, kind) values ('1000', 'Cash', 'asset')");
                tx.Stage($"insert into account (role, gl_code, unit_id) values ('cash', '1000', 1), ('sales', '1000', 1)");
                await tx.Flush();
            });
            await trail.Write(0, count);
            await trail.Seals.CatchUp(chunk);
            return trail;
        }

        public async Task Write(int from, int count)
        {
            for (var at = from; at < from + count; at++)
            {
                await Test.Database.Write(async tx =>
                {
                    Stage(tx, at);
                    await tx.Flush();
                });
            }
        }

        public void Stage(Tx tx, int at)
        {
            var stamp = new Stamp(new Actor(Guid.CreateVersion7(), "ann", "Ann", []), Guid.CreateVersion7(), clock.GetUtcNow(), Day, 9, "till");
            AuditTrail.Stage(tx, new AuditEvent(stamp, "f", "a", "k", Guid.CreateVersion7(), After: $$"""{"number":{{at}}}""", Reason: "r"), clock);
            var id = Guid.CreateVersion7();
            tx.Insert(Entries, [id, 1L, 1L, 1L, 500L, Day, Day], [id, 2L, 2L, 1L, -500L, Day, Day]);
            tx.Insert(Transactions, [id, id, id, id, Day, clock.GetUtcNow(), $"sale {at}"]);
        }

        public async Task Tamper(string sql)
        {
            await Test.Database.Write(async tx =>
            {
                string[] tables = ["audit_event", "ledger_transaction", "entry", "seal_block", "account", "unit"];
                if (tx.Engine == Engine.Postgres)
                {
                    tx.Stage(Sql.Raw("set constraints all deferred"));
                    foreach (var table in tables) tx.Stage(Sql.Raw($"alter table {table} disable trigger all"));
                    tx.Stage(Sql.Raw("alter table audit_event alter column seq drop identity if exists"));
                }
                else
                {
                    foreach (var trigger in await tx.Query($"select name from sqlite_master where type = 'trigger' and tbl_name {Sql.List<string>(tables)}", row => row.Text(0))) tx.Stage(Sql.Raw($"drop trigger {trigger}"));
                }

                await tx.Flush();
                foreach (var statement in sql.Split("; ")) tx.Stage(Sql.Raw(statement));
                await tx.Flush();
            });
        }

        public async Task<(SealFindings Result, List<string> Found)> Check(params SealDigest[] digests)
        {
            var found = new List<string>();
            return (await Test.Database.Read(db => SealCheck.Run(db, digests, found.Add)), found);
        }

        public ValueTask DisposeAsync() => Test.DisposeAsync();

        private static readonly Table Transactions = new("ledger_transaction",
            ("id", Kind.Id), ("document_id", Kind.Id), ("branch_id", Kind.Id), ("user_id", Kind.Id), ("business_date", Kind.Date), ("posted_at", Kind.Instant), ("memo", Kind.Text));

        private static readonly Table Entries = new("entry",
            ("transaction_id", Kind.Id), ("line", Kind.Long), ("account_id", Kind.Long), ("unit_id", Kind.Long), ("amount", Kind.Long), ("business_date", Kind.Date), ("value_date", Kind.Date));
    }
}
