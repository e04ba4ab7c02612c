namespace Plug1.Host.Demo;

/// <summary>Whole numbers that look random and are the same in every run: SplitMix64.</summary>
/// <remarks>Source: G. Steele, D. Lea, C. Flood, <i>Fast splittable pseudorandom number generators</i>, OOPSLA 2014.</remarks>
internal sealed class Dice(ulong seed)
{
    private ulong state = seed;

    /// <summary>0 to one less than <paramref name="below"/>.</summary>
    public int Next(int below) => (int)(Roll() % (ulong)below);

    /// <summary>A number from <paramref name="from"/> to <paramref name="to"/>, both included.</summary>
    public long Between(long from, long to) => from + (long)(Roll() % (ulong)(to - from + 1));

    /// <summary>True in so many of a thousand cases.</summary>
    public bool In1000(int cases) => Next(1000) < cases;

    /// <summary>One of a list.</summary>
    public T Of<T>(IReadOnlyList<T> list) => list[Next(list.Count)];

    /// <summary>The place of a weight, drawn in proportion to it.</summary>
    /// <param name="cumulative">Running sums of the weights; the last one is their total.</param>
    public int Weighted(int[] cumulative)
    {
        var at = Array.BinarySearch(cumulative, Next(cumulative[^1]) + 1);
        return at >= 0 ? at : ~at;
    }

    /// <summary>Running sums of weights.</summary>
    public static int[] Cumulative(IEnumerable<int> weights)
    {
        var sum = 0;
        return [.. weights.Select(weight => sum += weight)];
    }

    private ulong Roll()
    {
        state += 0x9E3779B97F4A7C15;
        var mixed = state;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }
}

/// <summary>The clock of the demo company: it shows the instant at which the thing that is written happened.</summary>
internal sealed class DemoClock(DateTimeOffset now) : TimeProvider
{
    /// <summary>What it shows.</summary>
    public DateTimeOffset Now { get; set; } = now;

    public override DateTimeOffset GetUtcNow() => Now;
}
