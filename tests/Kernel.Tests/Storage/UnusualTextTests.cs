using Npgsql;
using Plug1.Kernel.Storage;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Kernel.Tests.Storage;

public sealed class UnusualTextTests
{
    [Theory, OnBothEngines]
    public async Task A_text_that_no_engine_keeps_is_refused_before_anything_is_sent(Engine engine)
    {
        await using var test = await Things.Create(engine);
        foreach (var text in (string[])["a\0b", "\0", "\ud83d", "\udca9\ud83d", "x\ud83dy"])
        {
            await Should.ThrowAsync<UnstorableTextException>(() => Find(test.Database, text));
            await Should.ThrowAsync<UnstorableTextException>(() => test.Database.Write(tx =>
            {
                tx.Insert(Things.Table, Things.Row("before"), Things.Row(text));
                return Task.CompletedTask;
            }));
            await Should.ThrowAsync<UnstorableTextException>(() => test.Database.Read(db => db.Number($"select count(*) from thing where name {Sql.List<string>(["a", text])}")));
        }

        (await test.Database.Names()).ShouldBeEmpty();
    }

    [Theory, OnBothEngines]
    public async Task Every_other_text_comes_back_as_it_was(Engine engine)
    {
        await using var test = await Things.Create(engine);
        string[] texts = ["'; drop table thing --", "\u0001\u007f", "\ud83d\udca9 a\ud83d\udca9", "\uffff\ufeff", "e\u0301", new string('x', 100_000)];
        await test.Database.Write(tx =>
        {
            foreach (var text in texts) tx.Insert(Things.Table, Things.Row(text));
            return Task.CompletedTask;
        });
        (await test.Database.Names()).Order(StringComparer.Ordinal).ShouldBe(texts.Order(StringComparer.Ordinal));
    }

    /// <summary>The driver holds a statement for prepared whose first prepared run failed at its values, without knowing that it answers rows.</summary>
    [Fact]
    public async Task A_query_that_failed_once_for_its_value_still_answers_on_the_same_session()
    {
        await using var test = await Things.Create(Engine.Postgres);
        await test.Database.Write(tx =>
        {
            tx.Insert(Things.Table, Things.Row("a"));
            return Task.CompletedTask;
        });

        await using var db = await test.Database.Reader();
        (await AtOne(db, 1)).ShouldBe(["a"]);
        await Should.ThrowAsync<PostgresException>(() => AtOne(db, 0));
        (await AtOne(db, 2)).ShouldBeEmpty();
        (await AtOne(db, 1)).ShouldBe(["a"]);
    }

    [Fact]
    public async Task The_same_holds_for_an_answer_that_is_streamed()
    {
        await using var test = await Things.Create(Engine.Postgres);
        await test.Database.Write(tx =>
        {
            tx.Insert(Things.Table, Things.Row("a"));
            return Task.CompletedTask;
        });

        await using var db = await test.Database.Reader();
        (await Streamed(db, 1)).ShouldBe(["a"]);
        await Should.ThrowAsync<PostgresException>(() => Streamed(db, 0));
        (await Streamed(db, 1)).ShouldBe(["a"]);

        static async Task<List<string>> Streamed(Db db, long divisor)
        {
            var names = new List<string>();
            await foreach (var name in db.Stream($"select name from thing where amount = 1 / {divisor}", row => row.Text(0))) names.Add(name);
            return names;
        }
    }

    [Fact]
    public async Task The_same_holds_for_the_next_transaction_on_that_session()
    {
        await using var test = await Things.Create(Engine.Postgres);
        for (var round = 0; round < 3; round++)
        {
            (await Query(test.Database, 1)).ShouldBeEmpty();
            await Should.ThrowAsync<PostgresException>(() => Query(test.Database, 0));
            (await Query(test.Database, 2)).ShouldBeEmpty();
        }

        // Writers have one plan for all values, so only one made for the values themselves fails at them.
        static async Task<List<string>> Query(Database database, long divisor) => (await database.Write<List<string>>(async tx =>
        {
            await tx.Execute($"set local plan_cache_mode = force_custom_plan");
            return await AtOne(tx, divisor);
        })).Value;
    }

    /// <summary>The server computes the constant part while it binds the values.</summary>
    private static Task<List<string>> AtOne(Db db, long divisor) => db.Query($"select name from thing where amount = 1 / {divisor}", row => row.Text(0));

    private static Task<List<string>> Find(Database database, string name) => database.Read(db => db.Query($"select name from thing where name = {name}", row => row.Text(0)));
}
