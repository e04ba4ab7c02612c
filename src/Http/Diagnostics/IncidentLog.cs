using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Plug1.Http.Diagnostics;

/// <summary>An error of ours, by the number that its user was told. Nothing of what the user sent is kept.</summary>
/// <param name="Number">The incident number.</param>
/// <param name="At">When.</param>
/// <param name="Route">Method and template of the route.</param>
/// <param name="Kind">The types of the exception.</param>
/// <param name="Message">Its message, with the program's own words alone.</param>
/// <param name="Trace">Methods of this program that it came through, the innermost first.</param>
public sealed record IncidentItem(string Number, DateTimeOffset At, string Route, string Kind, string Message, IReadOnlyList<string> Trace);

/// <summary>The last errors of this server since it started; the log has them whole.</summary>
public sealed class IncidentLog
{
    /// <summary>How many are kept.</summary>
    public const int Most = 100;

    private readonly Lock turn = new();
    private readonly Queue<IncidentItem> items = new();
    private long all;

    /// <summary>How many there were since the start.</summary>
    public long Count => Interlocked.Read(ref all);

    /// <summary>Keeps one.</summary>
    public void Add(string number, DateTimeOffset at, HttpContext context, Exception failure)
    {
        var route = context.GetEndpoint() is RouteEndpoint endpoint ? $"{context.Request.Method} /{endpoint.RoutePattern.RawText?.Trim('/')}" : context.Request.Method;
        var item = new IncidentItem(number, at, route, Plain.Kind(failure), Plain.Message(failure.Message), Plain.Trace(failure));
        Interlocked.Increment(ref all);
        lock (turn)
        {
            items.Enqueue(item);
            if (items.Count > Most) items.Dequeue();
        }
    }

    /// <summary>Those kept, latest first.</summary>
    public IReadOnlyList<IncidentItem> Latest()
    {
        lock (turn) return [.. items.Reverse()];
    }
}
