using Plug1.Kernel.Storage;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Kernel.Tests.Storage;

public sealed class WatermarkTests
{
    [Fact]
    public async Task On_PostgreSQL_the_horizon_stops_below_a_transaction_that_is_still_open()
    {
        await using var test = await Things.Create(Engine.Postgres);
        var (written, release) = (new TaskCompletionSource<long>(), new TaskCompletionSource());
        var slow = test.Database.Write(async tx =>
        {
            written.SetResult(await tx.Number($"insert into sequenced (name) values ('slow') returning tx"));
            await release.Task;
        });
        var slowTx = await written.Task;
        var fastTx = 0L;
        await test.Database.Write(async tx => fastTx = await tx.Number($"insert into sequenced (name) values ('fast') returning tx"));

        fastTx.ShouldBeGreaterThan(slowTx);
        (await Horizon(test)).ShouldBeLessThan(slowTx);
        (await Behind(test)).ShouldBeEmpty();
        release.SetResult();
        await slow;

        await Eventually(async () => await Horizon(test) >= fastTx);
        (await Behind(test)).ShouldBe(["fast", "slow"]);
    }

    [Theory, OnBothEngines]
    public async Task Reading_in_steps_up_to_the_horizon_finds_every_row_exactly_once_while_others_write(Engine engine)
    {
        await using var test = await Things.Create(engine);
        var writers = Task.WhenAll(Enumerable.Range(0, 4).Select(writer => Task.Run(async () =>
        {
            for (var at = 0; at < 40; at++)
            {
                var name = $"{writer}-{at}";
                await test.Database.Write<bool>(async tx =>
                {
                    await tx.Execute($"insert into sequenced (name) values ({name})");
                    await Task.Delay((writer * 7 + at) % 3);
                    return at % 10 == 9 ? new Refusal("NO", "No.") : true;
                });
            }
        })));

        var seen = new List<string>();
        var mark = 0L;
        for (var last = false; ;)
        {
            last = writers.IsCompleted && (engine == Engine.Sqlite || await Horizon(test) >= await test.Database.Read(db => db.Number($"select coalesce(max(tx), 0) from sequenced")));
            var horizon = await Horizon(test);
            seen.AddRange(await test.Database.Read(db => db.Query($"select name from sequenced where tx > {mark} and tx <= {horizon}", row => row.Text(0))));
            mark = horizon;
            if (last) break;
            await Task.Delay(2);
        }

        await writers;
        seen.Count.ShouldBe(4 * 36);
        seen.Distinct().Count().ShouldBe(4 * 36);
    }

    private static Task<long> Horizon(TestDatabase test) =>
        test.Database.Read(db => db.Number($"select {Sql.Raw(Dialect.SafeHorizon(test.Engine, "sequenced"))}"));

    private static Task<List<string>> Behind(TestDatabase test) => test.Database.Read(db =>
        db.Query($"select name from sequenced where tx <= {Sql.Raw(Dialect.SafeHorizon(test.Engine, "sequenced"))} order by name", row => row.Text(0)));

    /// <summary>Other tests on the same server have transactions open too, which hold the horizon back for a while.</summary>
    private static async Task Eventually(Func<Task<bool>> holds)
    {
        for (var attempt = 0; !await holds(); attempt++)
        {
            attempt.ShouldBeLessThan(2_000);
            await Task.Delay(10);
        }
    }
}
