using Plug1.Kernel.Documents;
using Plug1.Kernel.Storage;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Kernel.Tests.Documents;

/// <summary>Number series without gaps.</summary>
public sealed class NumberTests
{
    [Theory, OnBothEngines]
    public async Task A_series_begins_at_one_keeps_its_prefix_and_grows_beyond_its_digits(Engine engine)
    {
        await using var house = await House.Open(engine);
        (await Draw(house, "a")).ShouldBe("A-001");
        (await Draw(house, "b")).ShouldBe("A-001");
        await house.Database.Write(tx => tx.Execute($"update number_series set last_number = 999 where id = 'a'"));
        (await Draw(house, "a")).ShouldBe("A-1000");
    }

    [Theory, OnBothEngines]
    public async Task Eight_at_once_with_refusals_and_failures_among_them_leave_no_gap_and_no_number_twice(Engine engine)
    {
        await using var house = await House.Open(engine);
        var kept = (await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(async () =>
        {
            var mine = new List<string>();
            for (var step = 0; step < 40; step++)
            {
                try
                {
                    var drawn = await house.Database.Write<string>(async tx =>
                    {
                        var number = await Numbers.Draw(tx, "series", "N-");
                        if ((step + worker) % 5 == 0) return new Refusal("NO", "No.");
                        return (step + worker) % 7 == 0 ? throw new InvalidOperationException("broken") : number;
                    });
                    if (!drawn.IsRefused) mine.Add(drawn.Value);
                }
                catch (InvalidOperationException failure) when (failure.Message == "broken")
                {
                    // It is undone, and its number with it.
                }
            }

            return mine;
        })))).SelectMany(mine => mine).ToList();

        kept.Count.ShouldBeInRange(200, 250);
        kept.ShouldBe(Enumerable.Range(1, kept.Count).Select(number => $"N-{number:D6}"), ignoreOrder: true);
    }

    private static async Task<string> Draw(House house, string series) => (await house.Database.Write<string>(async tx => await Numbers.Draw(tx, series, "A-", 3))).Value;
}
