using Plug1.Kernel.Storage;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Kernel.Tests.Storage;

/// <summary>Alone, since the number of round trips is counted for the whole process.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

[Collection(nameof(Alone))]
public sealed class SessionTests
{
    [Theory, OnBothEngines]
    public async Task Gathered_statements_travel_in_one_round_trip(Engine engine)
    {
        await using var test = await Things.Create(engine);
        await test.Database.Write(async tx =>
        {
            var before = Db.RoundTrips;
            tx.Insert(Things.Table, Things.Row("a"), Things.Row("b"));
            tx.Insert(Things.Table, Things.Row("c"));
            var names = tx.Later($"select name from thing order by name", row => row.Text(0));
            var changed = 0;
            tx.Stage($"update thing set amount = 5 where name in ('a', 'b')", rows => changed = rows);
            var sum = tx.Later($"select sum(amount) from thing", row => row.Long(0));
            Db.RoundTrips.ShouldBe(before);
            await tx.Flush();

            Db.RoundTrips.ShouldBe(before + 1);
            names.Value.ShouldBe(["a", "b", "c"]);
            changed.ShouldBe(2);
            sum.Value.ShouldBe([11]);
            await tx.Flush();
            Db.RoundTrips.ShouldBe(before + 1);
        });
    }

    [Fact]
    public async Task On_PostgreSQL_begin_and_commit_cost_no_round_trip_of_their_own()
    {
        await using var test = await Things.Create(Engine.Postgres);
        var before = Db.RoundTrips;
        await test.Database.Write(async tx =>
        {
            (await tx.Number($"select count(*) from thing")).ShouldBe(0);
            tx.Insert(Things.Table, Things.Row("a"));
        });

        Db.RoundTrips.ShouldBe(before + 2);
        (await test.Database.Names()).ShouldBe(["a"]);
    }

    [Fact]
    public async Task A_transaction_that_sends_nothing_costs_no_round_trip_on_PostgreSQL()
    {
        await using var test = await Things.Create(Engine.Postgres);
        var before = Db.RoundTrips;
        (await test.Database.Write<int>(tx => Task.FromResult<Result<int>>(7))).Value.ShouldBe(7);

        Db.RoundTrips.ShouldBe(before);
    }

    [Theory, OnBothEngines]
    public async Task An_answer_goes_to_the_query_that_asked_even_after_staged_statements_that_answer_too(Engine engine)
    {
        await using var test = await Things.Create(engine);
        await test.Database.Write(async tx =>
        {
            tx.Stage($"select 'nobody asked'");
            tx.Insert(Things.Table, Things.Row("a"));
            var one = tx.Later($"select name from thing", row => row.Text(0));
            tx.Stage($"update thing set amount = 2 returning amount");
            var empty = tx.Later($"select name from thing where amount = 99", row => row.Text(0));
            tx.Stage($"delete from thing where amount = 77");
            var two = tx.Later($"update thing set amount = 3 returning amount", row => row.Long(0));
            tx.Stage($"select 1");
            await tx.Flush();

            one.Value.ShouldBe(["a"]);
            empty.Value.ShouldBeEmpty();
            two.Value.ShouldBe([3]);
        });
    }

    [Fact]
    public void A_deferred_answer_read_before_the_flush_is_our_bug() =>
        Should.Throw<InvariantBrokenException>(() => new Deferred<int>().Value);

    [Theory, OnBothEngines]
    public async Task An_error_in_the_last_gathered_statement_is_heard(Engine engine)
    {
        await using var test = await Things.Create(engine);
        await Should.ThrowAsync<System.Data.Common.DbException>(() => test.Database.Write(async tx =>
        {
            tx.Later($"select 1", row => row.Long(0));
            tx.Stage($"insert into nowhere values (1)");
            await tx.Flush();
        }));
    }

    [Theory, OnBothEngines]
    public async Task A_large_answer_is_streamed_row_by_row_and_may_be_left_half_way(Engine engine)
    {
        await using var test = await Things.Create(engine);
        await test.Database.Write(async tx =>
        {
            tx.Insert(Things.Table, [.. Enumerable.Range(0, 2_000).Select(at => Things.Row($"{at:0000}", at))]);
            await tx.Flush();
        });

        await using var db = await test.Database.Reader();
        var sum = 0L;
        await foreach (var amount in db.Stream($"select amount from thing where amount >= {1_000L} order by amount", row => row.Long(0))) sum += amount;
        sum.ShouldBe(1_499_500);

        await foreach (var name in db.Stream($"select name from thing order by name", row => row.Text(0)))
            if (name == "0010") break;
        (await db.Number($"select count(*) from thing")).ShouldBe(2_000);
    }

    [Theory, OnBothEngines]
    public async Task A_stream_in_a_transaction_belongs_to_it(Engine engine)
    {
        await using var test = await Things.Create(engine);
        await test.Database.Add("a");
        await test.Database.Write<bool>(async tx =>
        {
            // On PostgreSQL the stream is the first statement, so it must bring the begin along.
            await foreach (var name in tx.Stream($"update thing set name = 'b' returning name", row => row.Text(0))) name.ShouldBe("b");
            return new Refusal("NO", "No.");
        });

        (await test.Database.Names()).ShouldBe(["a"]);
    }

    [Fact]
    public async Task A_session_given_back_twice_serves_one_reader_at_a_time()
    {
        await using var test = await Things.Create(Engine.Sqlite);
        var db = await test.Database.Reader();
        await db.DisposeAsync();
        await db.DisposeAsync();

        await using var one = await test.Database.Reader();
        await using var two = await test.Database.Reader();
        await one.Execute($"create temp table mine (a integer)");
        (await one.Number($"select count(*) from sqlite_temp_master where name = 'mine'")).ShouldBe(1);
        (await two.Number($"select count(*) from sqlite_temp_master where name = 'mine'")).ShouldBe(0);
        await Should.ThrowAsync<InvariantBrokenException>(() => db.Number($"select 1"));
    }

    [Theory, OnBothEngines]
    public async Task Two_hundred_readers_at_once_each_get_a_session(Engine engine)
    {
        await using var test = await Things.Create(engine);
        await test.Database.Add("a");
        var counts = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(async () =>
        {
            await using var db = await test.Database.Reader();
            var first = db.Later($"select count(*) from thing", row => row.Long(0));
            var second = db.Later($"select count(*) from counter", row => row.Long(0));
            await db.Flush();
            await Task.Yield();
            return first.Value[0] + second.Value[0] + await db.Number($"select count(*) from thing where name = {"a"}");
        })));

        counts.ShouldAllBe(count => count == 4);
    }

    [Theory, OnBothEngines]
    public async Task A_cancelled_reader_does_not_ask_the_database(Engine engine)
    {
        await using var test = await Things.Create(engine);
        await using var db = await test.Database.Reader();
        await Should.ThrowAsync<OperationCanceledException>(() => db.Number($"select 1", new CancellationToken(canceled: true)));
    }
}
