using Microsoft.Data.Sqlite;
using Plug1.Kernel.Storage;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Kernel.Tests.Storage;

/// <summary>SQLite's one writer: commands that queue share a commit, and yet each stands or falls alone.</summary>
public sealed class SharedCommitTests
{
    [Theory, OnBothEngines]
    public async Task Of_a_hundred_writers_at_once_exactly_those_that_were_neither_refused_nor_failed_are_there(Engine engine)
    {
        await using var test = await Things.Create(engine);
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 100).Select(at => Task.Run(() => Outcome(test.Database, at))));

        outcomes.Count(outcome => outcome == "kept").ShouldBe(50);
        outcomes.Count(outcome => outcome == "refused").ShouldBe(25);
        outcomes.Count(outcome => outcome == "failed").ShouldBe(25);
        (await test.Database.Names()).ShouldBe(Enumerable.Range(0, 100).Where(at => at % 4 < 2).Select(at => $"{at:000}"));
        (await test.Database.Read(db => db.Number($"select value from counter where name = 'a'"))).ShouldBe(50);
    }

    private static async Task<string> Outcome(Database database, int at)
    {
        try
        {
            var result = await database.Write<int>(async tx =>
            {
                tx.Insert(Things.Table, Things.Row($"{at:000}"));
                await tx.Execute($"update counter set value = value + 1 where name = 'a'");
                if (at % 3 == 0) await Task.Delay(1);
                if (at % 4 == 2) return new Refusal("NO", "No.");
                if (at % 8 == 3) throw new InvariantBrokenException("ours");
                if (at % 8 == 7) await tx.Execute($"insert into thing (id, amount) values ({Guid.CreateVersion7()}, -1)");
                return at;
            });
            return result.IsRefused ? "refused" : "kept";
        }
        catch (Exception failure) when (failure is InvariantBrokenException || Dialect.IsCheckViolation(failure))
        {
            return "failed";
        }
    }

    [Fact]
    public async Task Waiting_commands_share_a_commit_and_are_answered_after_it()
    {
        await using var test = await Things.Create(Engine.Sqlite);
        var (held, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        var first = test.Database.Write(async tx =>
        {
            tx.Insert(Things.Table, Things.Row("first"));
            await tx.Flush();
            held.SetResult();
            await release.Task;
        });
        await held.Task;
        var second = test.Database.Write(async tx =>
        {
            // The first has finished its work and waits for the commit that both will share.
            first.IsCompleted.ShouldBeFalse();
            (await tx.Number($"select count(*) from thing")).ShouldBe(1);
            (await test.Database.Count()).ShouldBe(0);
            tx.Insert(Things.Table, Things.Row("second"));
        });
        release.SetResult();
        await Task.WhenAll(first, second);

        (await test.Database.Names()).ShouldBe(["first", "second"]);
    }

    [Fact]
    public async Task A_command_that_suspends_is_never_interleaved_with_another()
    {
        await using var test = await Things.Create(Engine.Sqlite);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => test.Database.Write(async tx =>
        {
            var before = await tx.Number($"select value from counter where name = 'a'");
            await Task.Delay(2);
            await tx.Execute($"update counter set value = {before + 1} where name = 'a'");
            await Task.Yield();
            (await tx.Number($"select value from counter where name = 'a'")).ShouldBe(before + 1);
        }))));

        (await test.Database.Read(db => db.Number($"select value from counter where name = 'a'"))).ShouldBe(20);
    }

    [Fact]
    public async Task A_command_cancelled_in_the_queue_leaves_the_shared_commit_to_happen()
    {
        await using var test = await Things.Create(Engine.Sqlite);
        using var cancel = new CancellationTokenSource();
        var (held, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        var first = test.Database.Write(async tx =>
        {
            held.SetResult();
            await release.Task;
            tx.Insert(Things.Table, Things.Row("first"));
        });
        await held.Task;
        var second = test.Database.Write(tx =>
        {
            tx.Insert(Things.Table, Things.Row("second"));
            return Task.CompletedTask;
        }, cancel.Token);
        await cancel.CancelAsync();
        release.SetResult();

        await first.WaitAsync(TimeSpan.FromSeconds(20));
        await Should.ThrowAsync<OperationCanceledException>(() => second);
        (await test.Database.Names()).ShouldBe(["first"]);
    }

    [Fact]
    public async Task A_row_without_what_it_refers_to_fails_its_own_command_and_not_the_commit_of_the_others()
    {
        await using var test = await TestDatabase.Create(Engine.Sqlite, [new Migration("test", 1, "0001-family.sql", """
            create table parent (id {long} primary key);
            create table child (id {long} primary key, parent_id {long} not null references parent (id) deferrable initially deferred);
            """)]);
        var outcomes = await Task.WhenAll(Enumerable.Range(1, 40).Select(at => Task.Run(async () =>
        {
            try
            {
                await test.Database.Write(async tx =>
                {
                    await tx.Execute($"insert into child (id, parent_id) values ({(long)at}, {(long)at})");
                    if (at % 4 != 0) await tx.Execute($"insert into parent (id) values ({(long)at})");
                });
                return "kept";
            }
            catch (SqliteException failure) when (failure.SqliteExtendedErrorCode == 787)
            {
                return "orphan";
            }
        })));

        outcomes.Count(outcome => outcome == "kept").ShouldBe(30);
        outcomes.Count(outcome => outcome == "orphan").ShouldBe(10);
        (await test.Database.Read(db => db.Number($"select count(*) from child"))).ShouldBe(30);
    }

    [Fact]
    public async Task When_the_engine_drops_the_whole_batch_all_of_its_commands_hear_it()
    {
        await using var test = await Things.Create(Engine.Sqlite);
        var (held, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        var innocent = test.Database.Write(async tx =>
        {
            tx.Insert(Things.Table, Things.Row("innocent"));
            await tx.Flush();
            held.SetResult();
            await release.Task;
        });
        await held.Task;

        // A rollback from inside stands for what the engine does itself when the disk is full.
        var disaster = test.Database.Write(async tx =>
        {
            await tx.Execute($"rollback");
            throw new InvariantBrokenException("disaster");
        });
        release.SetResult();

        await Should.ThrowAsync<InvariantBrokenException>(() => disaster);
        await Should.ThrowAsync<IOException>(() => innocent.WaitAsync(TimeSpan.FromSeconds(20)));
        (await test.Database.Count()).ShouldBe(0);
        await test.Database.Add("after");
        (await test.Database.Names()).ShouldBe(["after"]);
    }

    [Fact]
    public async Task A_commit_that_fails_is_told_to_its_commands_and_the_next_one_works()
    {
        await using var test = await Things.Create(Engine.Sqlite);
        await Should.ThrowAsync<SqliteException>(() => test.Database.Write(async tx =>
        {
            tx.Insert(Things.Table, Things.Row("lost"));
            await tx.Flush();

            // The savepoint stands, the transaction around it is another: its commit finds nothing open.
            await tx.Execute($"commit");
            await tx.Execute($"savepoint command");
        }));

        await test.Database.Add("after");
        (await test.Database.Names()).ShouldContain("after");
    }

    [Fact]
    public async Task Closing_lets_those_who_queue_finish_and_tells_those_who_come_later()
    {
        await using var test = await Things.Create(Engine.Sqlite);
        var database = test.OpenAgain();
        var writes = Enumerable.Range(0, 20).Select(at => database.Add($"{at:00}")).ToList();
        await database.DisposeAsync();
        await Task.WhenAll(writes).WaitAsync(TimeSpan.FromSeconds(20));

        await Should.ThrowAsync<ObjectDisposedException>(() => database.Add("late"));
        await Should.ThrowAsync<ObjectDisposedException>(() => database.Count());
        (await test.Database.Count()).ShouldBe(20);
    }

    [Fact]
    public async Task A_copy_made_while_others_write_is_whole_and_what_is_read_with_it_is_of_the_same_moment()
    {
        await using var test = await Things.Create(Engine.Sqlite);
        var writing = Task.WhenAll(Enumerable.Range(0, 50).Select(at => Task.Run(() => test.Database.Write(async tx =>
        {
            tx.Insert(Things.Table, Things.Row($"{at:00}"));
            await tx.Execute($"update counter set value = value + 1 where name = 'a'");
        }))));
        var target = Path.Combine(Path.GetDirectoryName(test.Database.File)!, "copy.db");
        var seen = await test.Database.CopyTo(target, db => db.Number($"select value from counter where name = 'a'"));
        await writing;

        await using var copy = Database.Sqlite(target);
        (await copy.Count()).ShouldBe(seen, "what is read beside the copy is what was copied");
        (await copy.Read(db => db.Number($"select value from counter where name = 'a'"))).ShouldBe(await copy.Count());
    }
}
