using System.Collections.Concurrent;
using Plug1.Kernel;
using Plug1.Kernel.Audit;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Ledger;
using Plug1.Kernel.Organisation;
using Plug1.Kernel.Reporting;
using Plug1.Kernel.Security;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Sales.PointOfSale;

/// <summary>What was left on vouchers whose last day is over, taken as revenue: one document for the vouchers that a branch issued.</summary>
internal sealed class ExpiredVouchers(Header header) : Document(header)
{
    /// <summary>Its kind.</summary>
    public const string Kind = "voucher-expiry";

    public override string Snapshot => Snapshots.Of(new { Header.Number, Header.Status, Header.Total });

    public override Task<Result> Post(Tx tx, Stamp stamp, CancellationToken ct) => throw new InvariantBrokenException("An expiry is written posted.");

    /// <summary>Taken back, it would only expire again: who shall have it after all gets a voucher as redress.</summary>
    public override Task<Result> MayReverse(Tx tx, Stamp stamp, CancellationToken ct) => Task.FromResult<Result>(Refusals.ExpiryStands);
}

/// <summary>Posts what is left on vouchers from the day after their last on, by the clock of the branch that issued them.</summary>
/// <remarks>
/// Several nodes may run it at once: balances are read under lock, so what one has posted the other finds to be nothing. It is dated on
/// the day of the run; while that day's period is closed it waits, and posts on the first day whose period is open.
/// </remarks>
internal sealed class VoucherExpiry(Database database, OrganisationBook organisation, LedgerBook ledger, TimeProvider clock)
{
    private const int AtOnce = 200;

    // Nothing more falls due on a day on which nothing was found; what a reversal gives back to an expired voucher waits for the next.
    private readonly ConcurrentDictionary<Guid, DateOnly> done = new();

    /// <summary>Posts what is due.</summary>
    /// <returns>How many vouchers.</returns>
    public async Task<int> Run(CancellationToken ct = default)
    {
        var view = await organisation.Get(ct);
        var now = Dialect.Micro(clock.GetUtcNow());
        var all = 0;
        foreach (var branch in view.Branches)
        {
            var local = TimeZoneInfo.ConvertTime(now, branch.Zone);
            var stamp = new Stamp(Actor.System, branch.Id, now, DateOnly.FromDateTime(local.DateTime), local.Hour);
            if (done.TryGetValue(branch.Id, out var day) && day >= stamp.BusinessDate) continue;
            all += await Run(stamp, view.Company.Currency, ct);
        }

        return all;
    }

    private async Task<int> Run(Stamp stamp, Currency currency, CancellationToken ct)
    {
        var all = 0;
        while (true)
        {
            // Looked for before the writer is asked for: on most days there is nothing.
            if ((await database.Read(db => db.Query(Due(db.Engine, stamp, 1), row => row.Guid(0), ct), ct)).Count == 0)
            {
                done[stamp.BranchId] = stamp.BusinessDate;
                return all;
            }

            var given = 0;
            await database.Write(async tx => given = await Some(tx, stamp, currency, ct), ct);
            if (given == 0) return all;
            all += given;
        }
    }

    /// <summary>Vouchers of a branch whose last day is over and on which something is left.</summary>
    private static Sql Due(Engine engine, Stamp stamp, int most) => $"""
        select v.id, -b.amount from voucher v join document d on d.id = v.document_id
        join account a on a.subject = {Sales.IdText("v.id", engine)} and a.role = 'StoredValue' join balance b on b.account_id = a.id
        where v.expires_on < {stamp.BusinessDate} and d.branch_id = {stamp.BranchId} and b.amount < 0 order by b.account_id limit {most}
        """;

    /// <returns>How many; none also while the period is closed.</returns>
    private async Task<int> Some(Tx tx, Stamp stamp, Currency currency, CancellationToken ct)
    {
        var period = LedgerBook.PeriodState(tx, stamp.BusinessDate);
        // The balances stay locked until what is left on them is posted.
        var due = tx.Later($"{Due(tx.Engine, stamp, AtOnce)}{Sql.Raw(tx.Engine == Engine.Postgres ? " for update of b" : "")}", row => (Voucher: row.Guid(0), Left: row.Long(1)));
        await tx.Flush(ct);
        if (due.Value.Count == 0 || LedgerBook.MayPost(period, stamp, stamp.BusinessDate).IsRefused) return 0;

        var header = Header.Draft(Ids.New(clock), PointOfSaleFunction.FunctionCode, ExpiredVouchers.Kind, stamp, currency.Code);
        var posting = new Posting(header.Id, stamp.BusinessDate, "expired");
        foreach (var (voucher, left) in due.Value)
        {
            posting.Debit(Sales.VoucherAccount(currency.Code, voucher), left);
            header.Total = checked(header.Total + left);
        }

        posting.Credit(new AccountKey(AccountRoles.BreakageRevenue, currency.Code, "", stamp.BranchId), header.Total);
        await ledger.Post(tx, posting, stamp, null, ct);
        foreach (var status in new[] { Status.Submitted, Status.Approved, Status.Posted }) header.MoveTo(status, stamp);
        header.Number = await Numbers.Draw(tx, $"{header.Function}/expiry/{header.BusinessDate:yyyy}", $"EXPIRY-{header.BusinessDate:yyyy}-", ct: ct);
        Headers.Insert(tx, header);
        Facts.Stage(tx, stamp, new Fact { Document = header, Event = Status.Posted, Amount = header.Total });
        AuditTrail.Stage(tx, new AuditEvent(stamp, header.Function, "expire", header.Kind, header.Id, After: Snapshots.Of(new { header.Number, header.Status, header.Total, vouchers = due.Value.Count })), clock);
        await tx.Flush(ct);
        return due.Value.Count;
    }
}
