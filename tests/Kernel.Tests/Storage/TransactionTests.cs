using Npgsql;
using Plug1.Kernel.Storage;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Kernel.Tests.Storage;

public sealed class TransactionTests
{
    [Theory, OnBothEngines]
    public async Task What_is_answered_is_kept(Engine engine)
    {
        await using var test = await Things.Create(engine);
        var told = 0;
        var answer = await test.Database.Write<string>(async tx =>
        {
            tx.AfterCommit.Add(() => told++);
            await tx.Execute($"insert into counter (name, value) values ('c', 1)");
            tx.Insert(Things.Table, Things.Row("not flushed by hand"));
            return "done";
        });

        answer.Value.ShouldBe("done");
        told.ShouldBe(1);
        (await test.Database.Names()).ShouldBe(["not flushed by hand"]);
    }

    [Theory, OnBothEngines]
    public async Task A_refusal_undoes_all_of_it(Engine engine)
    {
        await using var test = await Things.Create(engine);
        var told = 0;
        var answer = await test.Database.Write<string>(async tx =>
        {
            tx.AfterCommit.Add(() => told++);
            await tx.Execute($"update counter set value = 9");
            tx.Insert(Things.Table, Things.Row("not sent"));
            return new Refusal("NOT_TODAY", "Not today.");
        });

        answer.Refusal!.Code.ShouldBe("NOT_TODAY");
        told.ShouldBe(0);
        (await test.Database.Count()).ShouldBe(0);
        (await test.Database.Read(db => db.Number($"select sum(value) from counter"))).ShouldBe(0);
    }

    [Theory, OnBothEngines]
    public async Task An_exception_undoes_all_of_it_and_is_heard(Engine engine)
    {
        await using var test = await Things.Create(engine);
        var failure = await Should.ThrowAsync<InvariantBrokenException>(() => test.Database.Write(async tx =>
        {
            await tx.Execute($"update counter set value = 9");
            Invariant.Holds(tx.AfterCommit.Count > 5, "ours");
        }));

        failure.Message.ShouldBe("ours");
        (await test.Database.Read(db => db.Number($"select sum(value) from counter"))).ShouldBe(0);
        await test.Database.Add("the next one works");
    }

    [Theory, OnBothEngines]
    public async Task A_failing_action_after_the_commit_does_not_run_the_work_again(Engine engine)
    {
        await using var test = await Things.Create(engine);
        await Should.ThrowAsync<PostgresException>(() => test.Database.Write(tx =>
        {
            tx.Insert(Things.Table, Things.Row("a"));
            tx.AfterCommit.Add(() => throw new PostgresException("deadlock", "ERROR", "ERROR", PostgresErrorCodes.DeadlockDetected));
            return Task.CompletedTask;
        }));

        (await test.Database.Names()).ShouldBe(["a"]);
    }

    [Theory, OnBothEngines]
    public async Task A_reader_sees_only_what_is_committed(Engine engine)
    {
        await using var test = await Things.Create(engine);
        await test.Database.Write(async tx =>
        {
            tx.Insert(Things.Table, Things.Row("a"));
            await tx.Flush();
            (await tx.Number($"select count(*) from thing")).ShouldBe(1);
            (await test.Database.Count()).ShouldBe(0);
        });

        (await test.Database.Count()).ShouldBe(1);
    }

    [Theory, OnBothEngines]
    public async Task A_transaction_inside_another_is_our_bug_and_does_not_hang(Engine engine)
    {
        await using var test = await Things.Create(engine);
        await Should.ThrowAsync<InvariantBrokenException>(() => test.Database.Write(_ => test.Database.Add("inner")));

        await test.Database.Add("after");
        (await test.Database.Names()).ShouldBe(["after"]);
    }

    [Theory, OnBothEngines]
    public async Task A_transaction_used_after_its_end_is_our_bug(Engine engine)
    {
        await using var test = await Things.Create(engine);
        Tx? leaked = null;
        await test.Database.Write(tx =>
        {
            leaked = tx;
            return Task.CompletedTask;
        });

        await Should.ThrowAsync<InvariantBrokenException>(() => leaked!.Execute($"delete from counter"));
    }

    [Theory, OnBothEngines]
    public async Task A_key_that_stands_already_is_told_from_other_failures(Engine engine)
    {
        await using var test = await Things.Create(engine);
        await test.Database.Write(tx => tx.Execute($"insert into sequenced (name) values ('one')"));
        var key = await Failure(test, $"insert into counter (name, value) values ('a', 1)");
        var unique = await Failure(test, $"insert into sequenced (name) values ('one')");

        Dialect.IsUniqueViolation(key).ShouldBeTrue();
        Dialect.IsUniqueViolation(unique).ShouldBeTrue();
        Dialect.IsCheckViolation(unique).ShouldBeFalse();
        Dialect.ViolatedName(unique).ShouldContain("sequenced");
        Dialect.IsUniqueViolation(await Failure(test, $"insert into counter (name, value) values ('z', null)")).ShouldBeFalse();
    }

    [Theory, OnBothEngines]
    public async Task A_broken_check_is_told_from_other_failures(Engine engine)
    {
        await using var test = await Things.Create(engine);
        var check = await Failure(test, $"insert into thing (id, amount) values ({Guid.CreateVersion7()}, {-1L})");

        Dialect.IsCheckViolation(check).ShouldBeTrue();
        Dialect.IsUniqueViolation(check).ShouldBeFalse();
        Dialect.IsTransient(check).ShouldBeFalse();
    }

    [Fact]
    public async Task A_deadlock_on_PostgreSQL_runs_the_loser_again()
    {
        await using var test = await Things.Create(Engine.Postgres);
        var runs = 0;
        using var both = new Barrier(2);
        async Task Move(string first, string second)
        {
            var own = 0;
            await test.Database.Write(async tx =>
            {
                Interlocked.Increment(ref runs);
                await tx.Execute($"update counter set value = value + 1 where name = {first}");
                if (own++ == 0) both.SignalAndWait(TimeSpan.FromSeconds(20)).ShouldBeTrue();
                await tx.Execute($"update counter set value = value + 1 where name = {second}");
            });
        }

        await Task.WhenAll(Task.Run(() => Move("a", "b")), Task.Run(() => Move("b", "a")));
        runs.ShouldBe(3);
        (await test.Database.Read(db => db.Query($"select value from counter order by name", row => row.Long(0)))).ShouldBe([2, 2]);
    }

    [Fact]
    public async Task A_connection_lost_before_the_commit_runs_the_work_again_on_another()
    {
        await using var test = await Things.Create(Engine.Postgres);
        var runs = 0;
        await test.Database.Write(async tx =>
        {
            await tx.Execute($"update counter set value = value + 1 where name = 'a'");
            var backend = await tx.Number($"select pg_backend_pid()");
            if (runs++ > 0) return;
            await test.Database.Read(db => db.Number($"select case when pg_terminate_backend({backend}::int) then 1 end"));
            await tx.Execute($"update counter set value = value + 1 where name = 'b'");
        });

        runs.ShouldBe(2);
        (await test.Database.Read(db => db.Query($"select value from counter order by name", row => row.Long(0)))).ShouldBe([1, 0]);
    }

    [Fact]
    public async Task When_the_connection_is_lost_the_reason_is_heard_and_not_the_failed_rollback()
    {
        await using var test = await Things.Create(Engine.Postgres);
        await Should.ThrowAsync<InvariantBrokenException>(() => test.Database.Write(async tx =>
        {
            var backend = await tx.Number($"select pg_backend_pid()");
            await test.Database.Read(db => db.Number($"select case when pg_terminate_backend({backend}::int) then 1 end"));
            await Task.Delay(50);
            await Should.ThrowAsync<NpgsqlException>(() => tx.Number($"select 1"));
            throw new InvariantBrokenException("the reason");
        }));
    }

    [Fact]
    public async Task A_cancelled_statement_on_PostgreSQL_undoes_the_work_and_frees_the_connection()
    {
        await using var test = await Things.Create(Engine.Postgres);
        using var soon = new CancellationTokenSource(100);
        await Should.ThrowAsync<OperationCanceledException>(() => test.Database.Write(async tx =>
        {
            await tx.Execute($"update counter set value = 9");
            await tx.Execute($"select pg_sleep(30)", soon.Token);
        }));

        (await test.Database.Read(db => db.Number($"select sum(value) from counter"))).ShouldBe(0);
        await test.Database.Write(tx => tx.Execute($"update counter set value = 1"));
    }

    private static async Task<Exception> Failure(TestDatabase test, Sql sql) =>
        await Should.ThrowAsync<System.Data.Common.DbException>(() => test.Database.Write(tx => tx.Execute(sql)));
}
