using Plug1.Kernel;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Ledger;
using Plug1.Kernel.Reporting;
using Plug1.Kernel.Storage;

namespace Plug1.Books.Journals;

/// <summary>What somebody books by hand; or what a branch starts with; or a journal that comes again and again, which posts nothing itself.</summary>
/// <remarks>
/// Invariants: debits equal credits in the company's currency; nothing changes after it was handed in. Over several branches it writes one
/// transaction for each, and what a branch has too much or too little stands on the clearing between branches: the books of each branch balance.
/// </remarks>
internal sealed class Journal(Header header, JournalFacts facts, IReadOnlyList<JournalLine> lines, Recurrence? recurrence, JournalFunction function, LedgerBook ledger) : Document(header)
{
    public const string Kind = "journal", OpeningKind = "opening", RecurringKind = "recurring";

    /// <summary>The most lines.</summary>
    public const int MostLines = 500;

    public IReadOnlyList<JournalLine> Lines => lines;

    public JournalFacts Facts => facts;

    public Recurrence? Recurrence => recurrence;

    public override bool PostsWhenApproved => true;

    public override string Snapshot => Snapshots.Of(new
    {
        Header.Number,
        Header.Status,
        Header.Total,
        Header.BusinessDate,
        facts.Text,
        facts.ReverseOn,
        lines = lines.Select(line => new { line.Account, line.Subject, line.Branch, line.Amount, line.Text }),
        every = recurrence is null ? null : $"{recurrence.Every} {recurrence.Unit}",
        recurrence?.EndsOn,
        recurrence?.Times,
    });

    /// <summary>The day of its mirror: never before its own.</summary>
    public override DateOnly MirrorDate(Stamp stamp) => stamp.BusinessDate < Header.BusinessDate ? Header.BusinessDate : stamp.BusinessDate;

    public override async Task<Result> MaySubmit(Tx tx, Stamp stamp, CancellationToken ct)
    {
        if (lines.Count < 2) return JournalRefusals.TooFewLines;
        var difference = lines.Sum(line => line.Amount);
        if (difference != 0) return JournalRefusals.Unbalanced(await function.Shown(difference, ct));
        return Header.Kind == OpeningKind ? await MayOpen(tx, ct) : Result.Done;
    }

    public override async Task<Result> Post(Tx tx, Stamp stamp, CancellationToken ct)
    {
        var asked = function.Book.Ask(tx);
        await tx.Flush(ct);
        var accounts = function.Book.Read(asked);
        for (var at = 0; at < lines.Count; at++)
        {
            if (!accounts.TryGetValue(lines[at].Account, out var account) || !account.Active) return JournalRefusals.AccountInactive(lines[at].Account, $"/lines/{at}/account");
            if (!account.ByHand) return JournalRefusals.NotByHand(lines[at].Account, $"/lines/{at}/account");
        }

        if (Header.Kind == RecurringKind)
        {
            var next = recurrence!.Due(recurrence.Made);
            tx.Stage($"update book_recurring set next_on = {next}, stuck_on = null where document_id = {Header.Id}");
            Header.Number ??= await Numbers.Draw(tx, $"{Header.Function}/recurring", "RECURRING-", 4, ct);
            return Result.Done;
        }

        if (Header.Kind == OpeningKind)
        {
            if (await MayOpen(tx, ct) is { IsRefused: true } no) return no;
            JournalTables.Open(tx, Header.Id, Header.BusinessDate, Branches);
        }

        var several = lines.Any(line => line.Branch != Header.BranchId);
        foreach (var branch in lines.GroupBy(line => line.Branch).OrderBy(group => group.Key))
        {
            var posting = new Posting(Header.Id, Header.BusinessDate, facts.Text);
            foreach (var line in branch)
                posting.Debit(new AccountKey(function.Book.RoleOf(line.Role), Header.Currency, line.Subject, branch.Key, Chart: line.Account), line.Amount);
            if (several) posting.Credit(new AccountKey(BookAccounts.BranchClearing, Header.Currency, branch.Key.ToString("D"), branch.Key), branch.Sum(line => line.Amount));
            await ledger.Post(tx, posting, stamp with { BranchId = branch.Key }, null, ct);
        }

        Kernel.Reporting.Facts.Stage(tx, stamp, new Fact { Document = Header, Event = Status.Posted, Amount = Header.Total, M1 = lines.Count, D1 = facts.Template is not null ? "recurring" : Header.Kind == OpeningKind ? "opening" : "manual" });
        var series = Header.Kind == OpeningKind ? "OPENING" : "JOURNAL";
        Header.Number = await Numbers.Draw(tx, $"{Header.Function}/{Header.Kind}/{Header.BusinessDate:yyyy}", $"{series}-{Header.BusinessDate:yyyy}-", ct: ct);
        return Result.Done;
    }

    public override Task<Result> MayReverse(Tx tx, Stamp stamp, CancellationToken ct) => Task.FromResult<Result>(
        Header.ReversalOf is not null ? JournalRefusals.MirrorNotReversed : Header.Kind == RecurringKind ? JournalRefusals.TemplateHasNoEntries : Result.Done);

    /// <summary>Closed, a recurring one makes no more; opened again, it goes on with the day that comes next.</summary>
    public override Task<Result> MayMove(string verb, Tx tx, Stamp stamp, CancellationToken ct)
    {
        if (Header.Kind == RecurringKind && verb is Verb.Close or Verb.Reopen)
        {
            var next = verb == Verb.Close ? null : recurrence!.Due(recurrence.Made);
            tx.Stage($"update book_recurring set next_on = {next}, stuck_on = null where document_id = {Header.Id}");
        }

        return Task.FromResult(Result.Done);
    }

    public override Task<Result> Reversed(Tx tx, Header mirror, Stamp stamp, CancellationToken ct)
    {
        if (Header.Kind == OpeningKind) tx.Stage($"update book_opening set active = {false} where document_id = {Header.Id}");
        return Task.FromResult(Result.Done);
    }

    private IEnumerable<Guid> Branches => lines.Select(line => line.Branch).Distinct().Order();

    private async Task<Result> MayOpen(Tx tx, CancellationToken ct) => await tx.Number($"""
        select count(*) from book_opening where branch_id {Sql.List(Branches)} and opened_on = {Header.BusinessDate} and active and document_id <> {Header.Id}
        """, ct) > 0 ? JournalRefusals.OpeningExists : Result.Done;
}
