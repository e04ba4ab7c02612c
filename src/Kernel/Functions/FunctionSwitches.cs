using System.Text.Json;
using Plug1.Kernel.Audit;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Security;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Kernel.Functions;

/// <summary>Something of a function that is not finished.</summary>
/// <param name="What">Status of documents, such as <c>draft</c>, or kind of open sessions, such as <c>shift</c>.</param>
/// <param name="Count">How many.</param>
public sealed record Unfinished(string What, long Count);

/// <summary>How a function stands in this company.</summary>
/// <param name="Code">The function.</param>
/// <param name="Module">Its module.</param>
/// <param name="Name">Its name.</param>
/// <param name="Summary">What it is for.</param>
/// <param name="On">Whether it is switched on.</param>
/// <param name="Needs">Functions that it does not work without.</param>
/// <param name="NeededBy">Functions that do not work without it.</param>
/// <param name="Unfinished">What keeps it from being switched off.</param>
/// <param name="OffSince">Since when it is off.</param>
/// <param name="OffBy">Who switched it off.</param>
public sealed record FunctionState(
    string Code, string Module, string Name, string Summary, bool On, IReadOnlyList<string> Needs, IReadOnlyList<string> NeededBy, IReadOnlyList<Unfinished> Unfinished,
    DateTimeOffset? OffSince = null, string? OffBy = null);

/// <summary>Functions to be switched, all or none of them.</summary>
/// <param name="Functions">Their codes.</param>
/// <param name="On">Whether they shall be on.</param>
public sealed record SwitchFunctions(IReadOnlyList<string> Functions, bool On);

/// <summary>Switches functions on and off for the company. Nothing is deleted: what is off comes back as it was.</summary>
/// <remarks>
/// What is off travels with the actor that each request is made as (<see cref="Actor.FunctionsOff"/>), under the stamp of users and
/// roles: no request asks the database for it, and every node knows within a second. Jobs of the program go on, so that vouchers
/// expire while the till is off.
/// </remarks>
public sealed class FunctionSwitches(FunctionCatalogue catalogue, ConfigStamps stamps, TimeProvider clock)
{
    private static readonly Table Rows = new("function_off", ("function", Kind.Text), ("at", Kind.Instant), ("by_user", Kind.Id));

    /// <summary>How all functions stand.</summary>
    public async Task<IReadOnlyList<FunctionState>> Read(Db db, CancellationToken ct)
    {
        var off = db.Later($"select o.function, o.at, coalesce(u.name, '') from function_off o left join app_user u on u.id = o.by_user",
            row => (Code: row.Text(0), At: row.Instant(1), By: row.Text(2)));
        var waiting = await Waiting(db, catalogue.All, ct);
        var since = off.Value.ToDictionary(row => row.Code, StringComparer.Ordinal);
        return [.. catalogue.All.Select(function => new FunctionState(
            function.Code, function.Module, function.Name, function.Summary, !since.ContainsKey(function.Code), function.Needs,
            [.. catalogue.All.Where(other => other.Needs.Contains(function.Code)).Select(other => other.Code)], [.. waiting[function.Code]],
            since.TryGetValue(function.Code, out var gone) ? gone.At : null, gone.By))];
    }

    /// <summary>Switches functions; those that stand so already stay so.</summary>
    /// <returns>How all stand after it. Refused with <c>FUNCTION_UNKNOWN</c>, <c>FUNCTION_NEEDED</c>, <c>FUNCTION_NEEDS_OTHERS</c> or <c>FUNCTION_IN_USE</c>.</returns>
    public async Task<Result<IReadOnlyList<FunctionState>>> Switch(Tx tx, Stamp stamp, SwitchFunctions wanted, CancellationToken ct)
    {
        if (wanted.Functions.Count == 0) return FunctionRefusals.NoneNamed;
        for (var at = 0; at < wanted.Functions.Count; at++)
            if (catalogue.Find(wanted.Functions[at]) is null) return FunctionRefusals.Unknown(at);

        // First, since its row lock lets one switch at a time: two cannot each take what the other needs.
        stamps.Move(tx, ConfigStamps.Security);
        var off = (await tx.Query($"select function from function_off", row => row.Text(0), ct)).ToHashSet(StringComparer.Ordinal);
        var moved = wanted.Functions.Distinct(StringComparer.Ordinal).Where(code => off.Contains(code) == wanted.On).Select(catalogue.Of).ToList();
        var after = wanted.On ? [.. off.Except(moved.Select(function => function.Code))] : off.Union(moved.Select(function => function.Code)).ToHashSet(StringComparer.Ordinal);
        if (Dependence(moved, after, wanted.On) is { } depends) return depends;
        if (!wanted.On)
        {
            var waiting = await Waiting(tx, moved, ct);
            foreach (var function in moved)
                if (waiting[function.Code].ToList() is { Count: > 0 } unfinished) return FunctionRefusals.InUse(function, unfinished);
            StageOff(tx, stamp, [.. moved.Select(function => function.Code)]);
        }
        else if (moved.Count > 0)
        {
            tx.Stage($"delete from function_off where function {Sql.List(moved.Select(function => function.Code))}");
        }

        foreach (var function in moved)
        {
            AuditTrail.Stage(tx, new AuditEvent(stamp, "kernel.functions", wanted.On ? "switch-on" : "switch-off", "function", Ids.Of(function.Code),
                Before: JsonSerializer.Serialize(new { function = function.Code, on = !wanted.On }), After: JsonSerializer.Serialize(new { function = function.Code, on = wanted.On })), clock);
        }

        return Result.Of(await Read(tx, ct));
    }

    /// <summary>What the functions that would be off are needed for; null when none is.</summary>
    public Refusal? Missing(IReadOnlySet<string> off)
    {
        foreach (var function in catalogue.All.Where(function => !off.Contains(function.Code)))
            if (function.Needs.Where(off.Contains).Select(catalogue.Of).ToList() is { Count: > 0 } needs) return FunctionRefusals.NeedsOthers(function, needs);
        return null;
    }

    /// <summary>Gathers functions as off.</summary>
    internal static void StageOff(Tx tx, Stamp stamp, IReadOnlyList<string> codes) => tx.Insert(Rows, [.. codes.Select(code => new object?[] { code, stamp.At, stamp.Actor.UserId })]);

    private Refusal? Dependence(IReadOnlyList<Function> moved, HashSet<string> off, bool on)
    {
        foreach (var function in moved)
        {
            if (on && function.Needs.Where(off.Contains).Select(catalogue.Of).ToList() is { Count: > 0 } needs) return FunctionRefusals.NeedsOthers(function, needs);
            if (!on && catalogue.All.Where(other => !off.Contains(other.Code) && other.Needs.Contains(function.Code)).ToList() is { Count: > 0 } by)
                return FunctionRefusals.Needed(function, by);
        }

        return null;
    }

    /// <summary>Documents that are on their way, and sessions that are open.</summary>
    private static async Task<ILookup<string, Unfinished>> Waiting(Db db, IReadOnlyList<Function> functions, CancellationToken ct)
    {
        var documents = db.Later($"""
            select function, status, count(*) from document
            where function {Sql.List(functions.Select(function => function.Code))} and status in ({Status.Draft}, {Status.Submitted}, {Status.Approved}, {Status.ReversalRequested})
            group by function, status order by function, status
            """, row => (Function: row.Text(0), Unfinished: new Unfinished(row.Text(1), row.Long(2))));
        var sessions = db.Later($"select kind, count(*) from work_session where state <> 'closed' and kind {Sql.List(functions.SelectMany(function => function.SessionKinds).Distinct())} group by kind",
            row => new Unfinished(row.Text(0), row.Long(1)));
        await db.Flush(ct);
        return documents.Value.Concat(functions.SelectMany(function => sessions.Value.Where(session => function.SessionKinds.Contains(session.What)).Select(session => (Function: function.Code, Unfinished: session))))
            .ToLookup(row => row.Function, row => row.Unfinished, StringComparer.Ordinal);
    }
}
