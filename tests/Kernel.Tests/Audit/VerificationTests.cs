using Plug1.Kernel.Audit;
using Plug1.Kernel.Audit.Seals;
using Plug1.Kernel.Audit.Verification;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Security;
using Plug1.Kernel.Storage;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Kernel.Tests.Audit;

/// <summary>The result of a verification is kept: who, when, up to where, and the first thing that differs.</summary>
public sealed class VerificationTests
{
    [Theory, OnBothEngines]
    public async Task A_row_that_was_changed_is_named_by_the_result_that_is_kept(Engine engine)
    {
        await using var trail = await Trail.Make(engine, 25);
        (await trail.Verify(VerifyOrigin.Command)).ShouldBe("command block 3 event 25 of 25, 0 waiting, 0 differences: -");
        await trail.Write(2);
        // The first result has its event too, which waits with the two.
        (await trail.Verify(VerifyOrigin.Command)).ShouldBe("command block 3 event 25 of 25, 3 waiting, 0 differences: -");
        (await trail.Notices()).ShouldBe(0);

        var id = await trail.Test.Database.Read(db => db.First($"select id from audit_event where seq = 13", row => row.Guid(0)));
        await trail.Tamper("update audit_event set user_name = 'bob' where seq in (13, 21)");
        (await trail.Verify(VerifyOrigin.Command)).ShouldBe($"command block 3 event 25 of 25, 4 waiting, 2 differences: event 13 ({id:D}) is not as it was sealed in block 2.");
        (await trail.Notices()).ShouldBe(2);
        var events = await trail.Test.Database.Read(db => db.Query($"select diff from audit_event where action = 'verify' order by seq", row => row.Text(0)));
        events.Count.ShouldBe(3);
        events[^1].ShouldContain("\"differences\":2");

        // A result that is kept cannot be made to look better without a trace: its event is sealed.
        await trail.SealAll();
        await trail.Tamper("update audit_event set user_name = 'system' where seq in (13, 21)");
        await trail.Tamper("update audit_event set diff = replace(diff, '\"differences\":2', '\"differences\":0') where action = 'verify'");
        (await trail.Verify(VerifyOrigin.Command)).ShouldContain("is not as it was sealed in block 4.");
    }

    [Theory, OnBothEngines]
    public async Task By_itself_it_is_verified_once_a_day_by_one_node(Engine engine)
    {
        await using var trail = await Trail.Make(engine, 3);
        (await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => trail.Verifier.WhenDue())))).Sum().ShouldBe(1);
        (await trail.Told()).ShouldBe(["job block 1 event 3 of 3, 0 waiting, 0 differences: -"]);
        trail.Clock.Now += TimeSpan.FromHours(23);
        (await trail.Verifier.WhenDue()).ShouldBe(0);
        trail.Clock.Now += TimeSpan.FromHours(2);
        (await trail.Verifier.WhenDue()).ShouldBe(1);
        (await trail.Told()).Count.ShouldBe(2);

        // A node that took it and died is waited for six hours.
        trail.Clock.Now += TimeSpan.FromHours(25);
        await trail.Test.Database.Write(tx => tx.Execute($"update watermark set tx = {trail.Clock.Now.ToUnixTimeSeconds()} where name = 'audit-verified'"));
        (await trail.Verifier.WhenDue()).ShouldBe(0);
        trail.Clock.Now += TimeSpan.FromHours(7);
        (await trail.Verifier.WhenDue()).ShouldBe(1);
        (await trail.Told()).Count.ShouldBe(3);
    }

    /// <summary>A database with sealed events, ten a block.</summary>
    private sealed class Trail : IAsyncDisposable
    {
        private Trail(TestDatabase test)
        {
            Test = test;
            Seals = new AuditSeals(test.Database, Clock);
            Verifier = new AuditVerifier(test.Database, Clock);
        }

        public FakeClock Clock { get; } = new();

        public TestDatabase Test { get; }

        public AuditSeals Seals { get; }

        public AuditVerifier Verifier { get; }

        public static async Task<Trail> Make(Engine engine, int count)
        {
            var trail = new Trail(await TestDatabase.Create(engine));
            await trail.Test.Database.Write(tx => tx.Execute($"insert into role (code, name) values ('administrator', 'Administrator'), ('auditor', 'Auditor')"));
            await trail.Write(count);
            await trail.SealAll();
            return trail;
        }

        /// <summary>On PostgreSQL a transaction that runs in any database of the server holds the horizon back.</summary>
        public async Task SealAll()
        {
            var horizon = Sql.Raw(Dialect.SafeHorizon(Test.Engine, "ledger_transaction"));
            while (Test.Engine == Engine.Postgres && await Test.Database.Read(db => db.Number($"select count(*) from audit_event where tx > {horizon}")) > 0) await Task.Delay(10);
            await Seals.CatchUp(10);
        }

        /// <summary>Events of transactions of their own, so that PostgreSQL parts them into blocks as SQLite does.</summary>
        public async Task Write(int count)
        {
            var at = Clock.GetUtcNow();
            var stamp = new Stamp(Actor.System, Guid.Empty, at, DateOnly.FromDateTime(at.UtcDateTime), at.Hour);
            for (var made = 0; made < count; made++)
                await Test.Database.Write(async tx =>
                {
                    AuditTrail.Stage(tx, new AuditEvent(stamp, "test", "made", "thing", null, After: "{\"a\":1}"), Clock);
                    await tx.Flush();
                });
        }

        public async Task<string> Verify(string origin)
        {
            var (result, _, _) = await Verifier.Run(origin, Actor.SystemId);
            await Verifier.KeepApart(result);
            Clock.Now += TimeSpan.FromMinutes(1);
            return (await Told())[0];
        }

        public async Task<IReadOnlyList<string>> Told() => [.. (await Test.Database.Read(db => AuditVerifier.Latest(db, 10))).Select(told => told.Result).Select(result =>
            $"{result.Origin} block {result.Blocks} event {result.LastEvent} of {result.Events}, {result.Unsealed} waiting, {result.Differences} differences: {result.FirstDifference ?? "-"}")];

        public Task<long> Notices() => Test.Database.Read(db => db.Number($"select count(*) from notice where kind = 'audit'"));

        /// <summary>Changes events as somebody does who has the database itself.</summary>
        public Task Tamper(string sql) => Test.Database.Write(async tx =>
        {
            var (off, on) = tx.Engine == Engine.Postgres
                ? ("alter table audit_event disable trigger audit_never_changed", "alter table audit_event enable trigger audit_never_changed")
                : ("drop trigger audit_never_updated", "create trigger audit_never_updated before update on audit_event begin select raise(abort, 'AUDIT_APPEND_ONLY'); end");
            foreach (var statement in new[] { off, sql, on }) await tx.Execute(Sql.Raw(statement));
        });

        public ValueTask DisposeAsync() => Test.DisposeAsync();
    }
}
