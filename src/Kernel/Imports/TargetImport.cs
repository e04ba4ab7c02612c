using System.Text.Json;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Organisation;
using Plug1.Kernel.Reporting;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Kernel.Imports;

/// <summary>Targets by function, measure, branch and days; a row without a branch is of the company. Nothing uses a target, so only a change since keeps one.</summary>
/// <remarks>The functions are asked for when the first row comes, for they are made after this.</remarks>
public sealed class TargetImport(Func<FunctionCatalogue> functions, OrganisationBook organisation) : ImportTarget
{
    /// <inheritdoc/>
    public override string Kind => "targets";

    /// <inheritdoc/>
    public override string Name => "Targets";

    /// <inheritdoc/>
    public override string? AlsoNeeds => "kernel.targets.configure";

    /// <inheritdoc/>
    public override IReadOnlyList<ImportField> Fields { get; } = [new("function", true), new("measure", true), new("from", true), new("to", true), new("amount", true), new("branch")];

    /// <inheritdoc/>
    public override void Begin(Tx tx)
    {
        // Targets are read from the database whenever they are asked for.
    }

    /// <inheritdoc/>
    public override string? KeyOf(ImportRow row)
    {
        var (function, measure) = (row.Required("function"), row.Required("measure"));
        return function.Length > 0 && measure.Length > 0 ? $"{function}\n{measure}\n{row.Text("branch")}\n{row.Date("from"):O}\n{row.Date("to"):O}" : null;
    }

    /// <inheritdoc/>
    public override async Task<ImportPlan> Plan(Db db, IReadOnlyList<ImportRow> rows, Stamp stamp, CancellationToken ct)
    {
        var (catalogue, viewer) = (functions(), new Viewer(stamp.Actor, await organisation.Get(ct)));
        var drafts = rows.Select(row => Draft(row, catalogue, viewer)).OfType<Wanted>().ToList();
        var standing = await Standing(db, drafts, ct);
        var (created, updated, unchanged, changes, writes) = (0, 0, 0, new List<ImportChange>(), new List<object?[]>());
        foreach (var draft in drafts)
        {
            var known = standing.TryGetValue(draft.Key, out var was);
            if (known && was.Amount == draft.Amount)
            {
                unchanged++;
                continue;
            }

            if (known) updated++;
            else created++;
            var id = known ? was.Id : Guid.CreateVersion7(stamp.At);
            writes.Add([id, draft.Key.Function, draft.Key.Measure, draft.Key.Place, draft.Key.From, draft.Key.To, draft.Amount]);
            changes.Add(new ImportChange("target", id, $"{draft.Key.Function} {draft.Key.Measure} {draft.Key.From:yyyy-MM-dd}", known ? JsonSerializer.Serialize(was.Amount) : null, known ? was.Version + 1 : 1));
        }

        return new ImportPlan(created, updated, unchanged, tx => tx.Insert(Targets.Over, writes), changes);
    }

    /// <inheritdoc/>
    public override async Task<IReadOnlyDictionary<long, Refusal>> Undo(Tx tx, IReadOnlyList<ImportChange> changes, CancellationToken ct)
    {
        var lockRows = Dialect.ForUpdate(tx.Engine);
        var rows = await tx.Query($"select id, version from target where id {Sql.List(changes.Select(change => change.RecordId))} order by id{lockRows}", row => (row.Guid(0), row.Long(1)), ct);
        var kept = Kept(changes, rows.ToDictionary(row => row.Item1, row => row.Item2), new HashSet<Guid>());
        var open = changes.Where(change => !kept.ContainsKey(change.Seq)).ToList();
        tx.Stage($"delete from target where id {Sql.List(open.Where(change => change.IsNew).Select(change => change.RecordId))}");
        foreach (var same in open.Where(change => !change.IsNew).GroupBy(change => change.Before!, StringComparer.Ordinal))
            tx.Stage($"update target set amount = {JsonSerializer.Deserialize<long>(same.Key)}, version = version + 1 where id {Sql.List(same.Select(change => change.RecordId))}");
        return kept;
    }

    private static Wanted? Draft(ImportRow row, FunctionCatalogue catalogue, Viewer viewer)
    {
        row.Required("from");
        row.Required("to");
        row.Required("amount");
        var (from, to, amount) = (row.Date("from"), row.Date("to"), row.Millionths("amount"));
        if (row.Fault is not null) return null;
        var draft = new TargetDraft(row.Text("function")!, row.Text("measure")!, row.Text("branch"), from!.Value, to!.Value, new Quantity(amount!.Value).ToString());
        var judged = Targets.Check(catalogue, viewer, draft);
        if (judged.Refusal is { } no)
        {
            row.Refuse(no.At is { Length: > 1 } at ? at[1..] : "", no);
            return null;
        }

        var (function, measure, branch, raw) = judged.Value;
        return new Wanted((function, measure, Targets.PlaceOf(branch), draft.From, draft.To), raw);
    }

    private static async Task<Dictionary<(string, string, string, DateOnly, DateOnly), (Guid Id, long Amount, long Version)>> Standing(Db db, List<Wanted> drafts, CancellationToken ct)
    {
        if (drafts.Count == 0) return [];
        var (first, last) = (drafts.Min(draft => draft.Key.From), drafts.Max(draft => draft.Key.From));
        var rows = await db.Query($"""
            select function, measure, branch_id, start_date, end_date, id, amount, version from target
            where function {Sql.List(drafts.Select(draft => draft.Key.Function).Distinct(StringComparer.Ordinal))} and start_date between {first} and {last}
            """, row => (Key: (row.Text(0), row.Text(1), row.Text(2), row.Date(3), row.Date(4)), Value: (row.Guid(5), row.Long(6), row.Long(7))), ct);
        return rows.GroupBy(row => row.Key).ToDictionary(group => group.Key, group => group.First().Value);
    }

    private sealed record Wanted((string Function, string Measure, string Place, DateOnly From, DateOnly To) Key, long Amount);
}
