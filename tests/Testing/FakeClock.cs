namespace Plug1.Testing;

/// <summary>A clock that stands still until a test moves it. Its local time is UTC; timers are not faked.</summary>
public sealed class FakeClock : TimeProvider
{
    private long ticks;

    /// <summary>A clock that shows Wednesday, 15 January 2025, 09:00 UTC.</summary>
    public FakeClock()
        : this(new DateTimeOffset(2025, 1, 15, 9, 0, 0, TimeSpan.Zero))
    {
    }

    /// <summary>A clock that shows the given moment.</summary>
    public FakeClock(DateTimeOffset now) => Now = now;

    /// <summary>What it shows; may be set to any moment.</summary>
    public DateTimeOffset Now
    {
        get => new(Interlocked.Read(ref ticks), TimeSpan.Zero);
        set => Interlocked.Exchange(ref ticks, value.UtcTicks);
    }

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>Moves it on.</summary>
    /// <returns>What it shows now.</returns>
    public DateTimeOffset Advance(TimeSpan by)
    {
        Interlocked.Add(ref ticks, by.Ticks);
        return Now;
    }

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => Now;
}
