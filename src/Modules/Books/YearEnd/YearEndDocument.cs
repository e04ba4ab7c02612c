using Plug1.Books.Journals;
using Plug1.Kernel;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Ledger;
using Plug1.Kernel.Reporting;
using Plug1.Kernel.Storage;

namespace Plug1.Books.YearEnd;

/// <summary>The close of a year: income and expenses of each branch go to its retained earnings, on the last day, in months that are closed for all else.</summary>
/// <remarks>
/// What it books is worked out when it is posted, while nobody else posts. It stands on accounts of its own beneath each account of the chart
/// (<see cref="BookAccounts.YearEnd"/>), so that the income statement of the year can leave it out. It closes the months of the year for good.
/// Its mirror has the same day: as if the year had never been closed.
/// </remarks>
internal sealed class YearEndDocument(Header header, DateOnly firstDay, DateOnly lastDay, YearEndChecks checks, LedgerBook ledger) : Document(header)
{
    public const string Kind = "year-end";

    private static readonly Table Years = new("book_year_end", ("document_id", Plug1.Kernel.Storage.Kind.Id), ("first_day", Plug1.Kernel.Storage.Kind.Date), ("last_day", Plug1.Kernel.Storage.Kind.Date), ("active", Plug1.Kernel.Storage.Kind.Bool));

    private static readonly Table Lines = new("book_year_end_line", ("document_id", Plug1.Kernel.Storage.Kind.Id), ("branch_id", Plug1.Kernel.Storage.Kind.Id), ("account", Plug1.Kernel.Storage.Kind.Text), ("amount", Plug1.Kernel.Storage.Kind.Long));

    public override bool PostsWhenApproved => true;

    public override bool PassesClosedPeriods => true;

    public override string Snapshot => Snapshots.Of(new { Header.Number, Header.Status, Header.Total, firstDay, lastDay, Header.Note });

    public static void Insert(Tx tx, Guid id, Year year) => tx.Insert(Years, [[id, year.FirstDay, year.LastDay, false]]);

    public override DateOnly MirrorDate(Stamp stamp) => lastDay;

    public override async Task<Result> MaySubmit(Tx tx, Stamp stamp, CancellationToken ct) => await Ready(tx, stamp, ct);

    public override async Task<Result> Post(Tx tx, Stamp stamp, CancellationToken ct)
    {
        // From here on nobody posts until the transaction ends, and the months of the year are closed in it.
        await LedgerBook.HoldPostings(tx, ct);
        var ready = await Ready(tx, stamp, ct);
        if (ready.IsRefused) return ready.Refusal;
        var year = ready.Value;
        foreach (var branch in year.Sums.GroupBy(sum => sum.Branch))
        {
            var posting = new Posting(Header.Id, lastDay, $"Close of the year to {lastDay:yyyy-MM-dd}");
            foreach (var sum in branch)
                posting.Credit(new AccountKey(BookAccounts.YearEnd, Header.Currency, "", branch.Key, Chart: sum.Account), sum.Amount);
            posting.Debit(new AccountKey(BookAccounts.RetainedSurplus, Header.Currency, "", branch.Key), branch.Sum(sum => sum.Amount));
            await ledger.Post(tx, posting, stamp with { BranchId = branch.Key }, null, ct);
        }

        tx.Insert(Lines, [.. year.Sums.Select(sum => new object?[] { Header.Id, sum.Branch, sum.Account, sum.Amount })]);
        tx.Stage($"update book_year_end set active = {true} where document_id = {Header.Id}");
        tx.Stage($"""
            update period set state = 'closed', changed_at = {stamp.At}, changed_by = {stamp.Actor.UserId}, version = version + 1
            where start_date <= {lastDay} and state = 'soft'
            """);
        Header.Total = year.Result;
        Facts.Stage(tx, stamp, new Fact { Document = Header, Event = Status.Posted, Amount = year.Result });
        Header.Number = await Numbers.Draw(tx, Header.Function, "YEAR-END-", 4, ct);
        return Result.Done;
    }

    public override async Task<Result> MayReverse(Tx tx, Stamp stamp, CancellationToken ct)
    {
        if (Header.ReversalOf is not null) return YearEndRefusals.MirrorNotReversed;
        return await tx.Number($"select count(*) from book_year_end where active and last_day > {lastDay}", ct) > 0 ? YearEndRefusals.LaterClosed : Result.Done;
    }

    public override async Task<Result> Reversed(Tx tx, Header mirror, Stamp stamp, CancellationToken ct)
    {
        await LedgerBook.HoldPostings(tx, ct);
        if (await MayReverse(tx, stamp, ct) is { IsRefused: true } late) return late.Refusal;
        tx.Stage($"update book_year_end set active = {false} where document_id = {Header.Id}");
        return Result.Done;
    }

    private async Task<Result<Year>> Ready(Tx tx, Stamp stamp, CancellationToken ct)
    {
        var year = await checks.Year(tx, lastDay, stamp.BusinessDate, ct);
        if (year.IsRefused) return year.Refusal;
        if (year.Value.Sums.Count == 0) return YearEndRefusals.NothingToClose;
        var failed = (await checks.Quick(tx, year.Value, ct)).Where(check => !check.Holds).ToList();
        return failed.Count > 0 ? YearEndRefusals.NotReady(failed) : year.Value;
    }
}
