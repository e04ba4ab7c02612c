using System.Collections.Concurrent;
using System.Globalization;
using System.Numerics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Plug1.Http.Diagnostics;

/// <summary>How long the requests of one route took since the server started.</summary>
/// <param name="Route">Method and template, never an address: <c>GET /api/v1/users/{id}</c>.</param>
/// <param name="Count">Requests.</param>
/// <param name="P50">Half of them took no longer than about this, in milliseconds; at most a fifth too much.</param>
/// <param name="P95">19 of 20 took no longer than about this, in milliseconds.</param>
/// <param name="Max">The longest, in milliseconds.</param>
/// <param name="Errors">Answers with a status of 500 and above.</param>
public sealed record RouteTimes(string Route, long Count, string P50, string P95, string Max, long Errors);

/// <summary>One of the slowest requests.</summary>
/// <param name="At">When it ended.</param>
/// <param name="Route">Method and template.</param>
/// <param name="Status">Its answer.</param>
/// <param name="Milliseconds">How long it took.</param>
public sealed record SlowRequest(DateTimeOffset At, string Route, int Status, string Milliseconds);

/// <summary>Counts how long requests take, by route, in memory of fixed size: no address, no parameter and nobody's name is kept.</summary>
public sealed class RequestTimes(TimeProvider clock)
{
    /// <summary>How many single requests are kept.</summary>
    public const int MostSlow = 50;

    private const int MostRoutes = 2_000;
    private const long SlowFrom = 250 * TimeSpan.TicksPerMillisecond;
    private readonly ConcurrentDictionary<string, Histogram> routes = new(StringComparer.Ordinal);
    private readonly Lock turn = new();
    private readonly Queue<(DateTimeOffset At, string Route, int Status, long Micros)> slow = new();

    /// <summary>Counts a request.</summary>
    public void Count(HttpContext context, TimeSpan took)
    {
        if (context.GetEndpoint() is not RouteEndpoint endpoint) return;
        var route = $"{context.Request.Method} /{endpoint.RoutePattern.RawText?.Trim('/')}";
        if (!routes.TryGetValue(route, out var histogram))
        {
            if (routes.Count >= MostRoutes) return;
            histogram = routes.GetOrAdd(route, _ => new Histogram());
        }

        var micros = took.Ticks / TimeSpan.TicksPerMicrosecond;
        histogram.Add(micros, context.Response.StatusCode >= 500);
        if (took.Ticks < SlowFrom) return;
        lock (turn)
        {
            slow.Enqueue((clock.GetUtcNow(), route, context.Response.StatusCode, micros));
            if (slow.Count > MostSlow) slow.Dequeue();
        }
    }

    /// <summary>The routes, the slowest first by what 19 of 20 requests take.</summary>
    public IReadOnlyList<RouteTimes> Routes(int most) =>
    [
        .. routes.Select(pair => (pair.Key, Seen: pair.Value.Read())).OrderByDescending(row => row.Seen.P95).ThenBy(row => row.Key, StringComparer.Ordinal).Take(most)
            .Select(row => new RouteTimes(row.Key, row.Seen.Count, Text(row.Seen.P50), Text(row.Seen.P95), Text(row.Seen.Max), row.Seen.Errors)),
    ];

    /// <summary>The last requests that took a quarter of a second or more, latest first.</summary>
    public IReadOnlyList<SlowRequest> Slow()
    {
        lock (turn) return [.. slow.Reverse().Select(one => new SlowRequest(one.At, one.Route, one.Status, Text(one.Micros)))];
    }

    private static string Text(long micros) => string.Create(CultureInfo.InvariantCulture, $"{micros / 1000}.{micros % 1000 / 100}");

    /// <summary>Counts by power of two with four steps each, so that a figure is at most a fifth too large.</summary>
    private sealed class Histogram
    {
        private const int Steps = 4;
        private readonly long[] counts = new long[64 * Steps];
        private long max;
        private long errors;

        public void Add(long micros, bool failed)
        {
            Interlocked.Increment(ref counts[BucketOf(micros)]);
            if (failed) Interlocked.Increment(ref errors);
            for (var known = Interlocked.Read(ref max); micros > known; known = Interlocked.Read(ref max))
                if (Interlocked.CompareExchange(ref max, micros, known) == known) break;
        }

        public (long Count, long P50, long P95, long Max, long Errors) Read()
        {
            var copy = counts.Select((_, at) => Interlocked.Read(ref counts[at])).ToArray();
            var (all, most) = (copy.Sum(), Interlocked.Read(ref max));
            return (all, Below(copy, (all + 1) / 2, most), Below(copy, all - (all / 20), most), most, Interlocked.Read(ref errors));
        }

        private static long Below(long[] copy, long wanted, long most)
        {
            long seen = 0;
            for (var at = 0; at < copy.Length; at++)
            {
                seen += copy[at];
                if (seen >= wanted && seen > 0) return Math.Min(most, TopOf(at));
            }

            return most;
        }

        private static int BucketOf(long micros)
        {
            if (micros < Steps) return (int)Math.Max(0, micros);
            var power = 63 - BitOperations.LeadingZeroCount((ulong)micros);
            return (power * Steps) + (int)((micros >> (power - 2)) & (Steps - 1));
        }

        private static long TopOf(int bucket)
        {
            if (bucket < Steps) return bucket;
            var (power, step) = (bucket / Steps, bucket % Steps);
            return power < 2 ? Steps : ((long)(Steps + step + 1) << (power - 2)) - 1;
        }
    }
}

/// <summary>Takes the time of each request.</summary>
internal sealed class RequestTimesMiddleware(RequestDelegate next, RequestTimes times, TimeProvider clock)
{
    /// <summary>Runs the rest.</summary>
    public async Task Invoke(HttpContext context)
    {
        var began = clock.GetTimestamp();
        try
        {
            await next(context);
        }
        finally
        {
            times.Count(context, clock.GetElapsedTime(began));
        }
    }
}
