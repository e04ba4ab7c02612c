using System.Globalization;
using System.Text.Json;
using Plug1.Kernel;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Imports;
using Plug1.Kernel.Jobs;
using Plug1.Kernel.Ledger;
using Plug1.Kernel.Organisation;
using Plug1.Kernel.Reporting;
using Plug1.Kernel.Storage;

namespace Plug1.Books.Journals;

/// <summary>Opening balances out of a file: one journal for each branch and day, handed in for approval like one that was typed.</summary>
/// <remarks>
/// Half of what a branch opens with would be wrong, so its rows are taken together or not at all. A row has a debit or a credit; a zero beside the
/// other is none, as a list of balances has both columns. Goods are not among them: a goods receipt opens quantity and value together.
/// Undone by cancelling what waits and reversing what is posted; what somebody has changed since stays.
/// </remarks>
internal sealed class OpeningImport(Database database, CommandRunner runner, JournalDesk desk, JournalFunction function, LifecycleDesk lifecycle, OrganisationBook organisation) : ImportKind
{
    /// <inheritdoc/>
    public override string Code => "opening-balances";

    /// <inheritdoc/>
    public override string Name => "Opening balances";

    /// <inheritdoc/>
    public override string? AlsoNeeds => "books.journals.create";

    /// <inheritdoc/>
    public override bool CountsTwice => true;

    /// <inheritdoc/>
    public override int UndoAtOnce => 1;

    /// <inheritdoc/>
    public override IReadOnlyList<ImportField> Fields { get; } = [new("date", true), new("account", true), new("debit"), new("credit"), new("branch"), new("subject"), new("text")];

    /// <inheritdoc/>
    public override async Task<Result<ImportReport>> Preview(WorkRun run, byte[] content, ImportInput input, CancellationToken ct)
    {
        var read = await Read(run, content, input, ct);
        if (read.IsRefused) return read.Refusal;
        var (rows, openings, refused) = read.Value;
        refused.Add(rows);
        await refused.Keep(run, input, Mark.Of(null).ToString(), ct);
        return new ImportReport(rows.Count, openings.Where(opening => opening.IsWhole).Sum(opening => opening.Lines.Count), 0, 0, refused.Count, refused.First, input.Sha256);
    }

    /// <inheritdoc/>
    public override async Task<Result<ImportReport>> Run(WorkRun run, byte[] content, ImportInput input, CancellationToken ct)
    {
        var read = await Read(run, content, input, ct);
        if (read.IsRefused) return read.Refusal;
        var (rows, openings, refused) = read.Value;
        var (mark, stamp) = (Mark.Of(run.Checkpoint), await runner.StampOf(run.Call, ct));
        for (var at = 0; at < openings.Count; at++)
        {
            // Journals keep the order of the file, so that what an earlier run had done is known whatever has changed since.
            if (at >= mark.Openings) mark = await Take(run, openings[at], mark, input, stamp, ct);
            if (mark.Refused.TryGetValue(at, out var no)) openings[at].Refuse(new Refusal(no.Code, no.Reason));
            run.Tell(at + 1, openings.Count, "Handing in");
        }

        refused.Add(rows);
        await refused.Keep(run, input, Mark.Of(null).ToString(), ct);
        return new ImportReport(rows.Count, mark.Created, 0, 0, refused.Count, refused.First, input.Sha256);
    }

    /// <inheritdoc/>
    public override async Task<IReadOnlyDictionary<long, Refusal>> Undo(Tx tx, IReadOnlyList<ImportChange> changes, WorkRun run, CancellationToken ct)
    {
        var change = changes[0];
        var found = await tx.First($"select status, edited_by from document where id = {change.RecordId}", row => (Status: row.Text(0), Edited: !row.IsNull(1)), ct);
        if (found.Status is null or Status.Cancelled or Status.Reversed) return Kept(UndoRefusals.Gone);
        if (found.Edited) return Kept(UndoRefusals.Changed);
        var (verb, done) = found.Status == Status.Posted ? (Verb.Reverse, Status.Reversed) : (Verb.Cancel, Status.Cancelled);
        var moved = await lifecycle.Within(tx, await runner.StampOf(run.Call, ct), function, new LifecycleStep(verb, change.RecordId, null, "DUPLICATE", "The import was undone."), ct);
        if (moved.Refusal is { } no) return Kept(no);
        return moved.Value.Status == done ? new Dictionary<long, Refusal>() : Kept(UndoRefusals.Waits(moved.Value.WaitsFor ?? ""));

        Dictionary<long, Refusal> Kept(Refusal why) => new() { [change.Seq] = why };
    }

    /// <summary>Enters the journal of a branch and day and hands it in, or notes why it could not be.</summary>
    private async Task<Mark> Take(WorkRun run, Opening opening, Mark mark, ImportInput input, Stamp stamp, CancellationToken ct)
    {
        var next = mark with { Openings = mark.Openings + 1 };
        if (!opening.IsWhole)
        {
            await run.Step(_ => Task.FromResult(Result.Of(next.ToString())), ct);
            return next;
        }

        var request = new JournalRequest(Journal.OpeningKind, opening.Day, $"Opening balances, {input.FileName}"[..Math.Min(200, 18 + input.FileName.Length)].Trim(), [.. opening.Lines.Select(line => line.Request)]);
        var stepped = await run.Step(async tx =>
        {
            var made = await desk.CreateWithin(tx, await runner.StampAt(stamp, opening.Branch.Id, ct), request, ct);
            if (made.IsRefused) return made.Refusal;
            await tx.Flush(ct);
            var handedIn = await lifecycle.Within(tx, stamp, function, new LifecycleStep(Verb.Submit, made.Value.Id, null), ct);
            if (handedIn.IsRefused) return handedIn.Refusal;
            var name = string.Create(CultureInfo.InvariantCulture, $"{opening.Branch.Code} {opening.Day:yyyy-MM-dd}");
            var last = ImportChanges.Stage(tx, run.Work.Id, mark.Changes, 0, [new ImportChange("journal", made.Value.Id, name, null, 0)]);
            return Result.Of((next with { Created = mark.Created + opening.Lines.Count, Changes = last }).ToString());
        }, ct);
        if (stepped.Refusal is { } no)
        {
            var passed = next with { Refused = new Dictionary<int, Refused>(mark.Refused) { [mark.Openings] = new Refused(no.Code, no.Message) } };
            await run.Step(_ => Task.FromResult(Result.Of(passed.ToString())), ct);
        }

        return Mark.Of(run.Checkpoint);
    }

    private async Task<Result<(List<ImportRow> Rows, IReadOnlyList<Opening> Openings, RefusedFile Refused)>> Read(WorkRun run, byte[] content, ImportInput input, CancellationToken ct)
    {
        using var file = new MemoryStream(content, writable: false);
        var opened = await ImportFile.Open(file, input.Mapping, Fields);
        if (opened.IsRefused) return opened.Refusal;
        var rows = new List<ImportRow>();
        await foreach (var row in opened.Value.WithCancellation(ct)) rows.Add(row);
        run.Tell(0, rows.Count, "Looking at the rows");
        var (view, stamp) = (await organisation.Get(ct), await runner.StampOf(run.Call, ct));
        var subjects = rows.Select(row => row.Text("subject")).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        var openings = await database.Read(async db =>
        {
            var parties = (await db.Query($"select number, id from party where number {Sql.List(subjects)}", row => (row.Text(0), row.Guid(1)), ct)).ToDictionary(row => row.Item1, row => row.Item2, StringComparer.Ordinal);
            var reader = await desk.Reader(db, stamp, [.. parties.Values], ct);
            var lines = rows.Select(row => Judge(row, reader, parties, view, stamp)).ToList();
            var days = lines.GroupBy(line => (line.Branch?.Id, line.Day)).Where(group => group.Key is (not null, not null))
                .Select(group => new Opening(group.First().Branch!, group.Key.Day!.Value, [.. group])).ToList();
            await JudgeWhole(db, days, stamp, ct);
            return days;
        }, ct);
        return (rows, openings, await RefusedFile.Of(content, input.Mapping));
    }

    private static Line Judge(ImportRow row, LineReader reader, IReadOnlyDictionary<string, Guid> parties, OrganisationView view, Stamp stamp)
    {
        row.Required("date");
        var (account, day) = (row.Required("account"), row.Date("date"));
        if (day is { } on && !JournalDesk.IsWithinReach(on, stamp.BusinessDate)) row.Refuse("date", JournalRefusals.DateInvalid(""));
        var branch = row.Text("branch") is { } code ? view.FindBranch(code) : view.Branch(stamp.BranchId);
        if (branch is null) row.Refuse("branch", JournalRefusals.BranchUnknown(""));
        var (debit, credit) = (Amount(row, "debit"), Amount(row, "credit"));
        var subject = row.Text("subject");
        var request = new JournalLineRequest(account, debit, credit, subject is not null && parties.TryGetValue(subject, out var party) ? party.ToString("D") : subject, branch?.Code, row.Text("text"));
        if (row.Fault is not null) return new Line(row, branch, day, request, 0);
        var read = reader.Line(request, "");
        if (read.Refusal is { } no) row.Refuse((no.At ?? "").TrimStart('/'), no);
        return new Line(row, branch, day, request, read.IsRefused ? 0 : read.Value.Amount);
    }

    /// <summary>An amount as journals take it; a zero is none.</summary>
    private static string? Amount(ImportRow row, string field) => row.Millionths(field) is { } value and not 0 ? Shown.Millionths(value) : null;

    /// <summary>What only all rows of a branch and day tell: that they balance, are few enough, and may be opened.</summary>
    private async Task JudgeWhole(Db db, List<Opening> openings, Stamp stamp, CancellationToken ct)
    {
        var standing = (await db.Query($"select branch_id, opened_on from book_opening where active and branch_id {Sql.List(openings.Select(opening => opening.Branch.Id).Distinct())}",
            row => (row.Guid(0), row.Date(1)), ct)).ToHashSet();
        var months = (await db.Query($"select start_date, state from period where state <> 'open'", row => (row.Date(0), row.Text(1)), ct)).ToDictionary(row => row.Item1, row => row.Item2);
        foreach (var opening in openings)
        {
            if (opening.Lines.FirstOrDefault(line => line.Row.Fault is not null) is { } wrong)
            {
                opening.Refuse(JournalRefusals.OpeningIncomplete($"line {wrong.Row.Line} is refused."));
                continue;
            }

            var difference = opening.Lines.Sum(line => line.Amount);
            var state = months.GetValueOrDefault(new DateOnly(opening.Day.Year, opening.Day.Month, 1), "open");
            opening.Refuse(
                opening.Lines.Count < 2 ? JournalRefusals.TooFewLines
                : opening.Lines.Count > Journal.MostLines ? JournalRefusals.TooManyLines
                : difference != 0 ? JournalRefusals.Unbalanced(await function.Shown(difference, ct))
                : standing.Contains((opening.Branch.Id, opening.Day)) ? JournalRefusals.OpeningExists
                : state == "closed" || (state == "soft" && !stamp.Actor.May("kernel.ledger.post-soft-closed", opening.Branch.Id)) ? LedgerBook.Closed(opening.Day) : null);
        }
    }

    private sealed record Refused(string Code, string Reason);

    private sealed record Mark(int Openings, long Created, long Changes, IReadOnlyDictionary<int, Refused> Refused)
    {
        public static Mark Of(string? checkpoint) => checkpoint is null ? new(0, 0, 0, new Dictionary<int, Refused>()) : JsonSerializer.Deserialize<Mark>(checkpoint)!;

        public override string ToString() => JsonSerializer.Serialize(this);
    }

    private sealed record Line(ImportRow Row, Branch? Branch, DateOnly? Day, JournalLineRequest Request, long Amount);

    private sealed record Opening(Branch Branch, DateOnly Day, IReadOnlyList<Line> Lines)
    {
        public bool IsWhole => Lines.All(line => line.Row.Fault is null);

        public void Refuse(Refusal? why)
        {
            foreach (var line in Lines) line.Row.Refuse("", why);
        }
    }
}
