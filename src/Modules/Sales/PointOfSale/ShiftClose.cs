using Plug1.Kernel;
using Plug1.Kernel.Catalog;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Exceptions;
using Plug1.Kernel.Ledger;
using Plug1.Kernel.Payments;
using Plug1.Kernel.Reporting;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Sales.PointOfSale;

/// <summary>The close of a shift: what was counted against what was expected, the difference posted, the rest sent to the safe.</summary>
internal sealed class ShiftClose : Document
{
    private readonly PointOfSaleFunction function;
    private readonly LedgerBook ledger;
    private readonly CatalogueView catalogue;
    private readonly Currency currency;
    private readonly ExceptionBook exceptions;
    private readonly ShiftRow shift;
    private readonly IReadOnlyList<(string Method, long Expected, long Counted)> counts;
    private readonly long cashTakings;

    private ShiftClose(Header header, PointOfSaleFunction function, LedgerBook ledger, CatalogueView catalogue, Currency currency, ExceptionBook exceptions, ShiftRow shift, IReadOnlyList<(string, long, long)> counts, long cashTakings)
        : base(header) => (this.function, this.ledger, this.catalogue, this.currency, this.exceptions, this.shift, this.counts, this.cashTakings) = (function, ledger, catalogue, currency, exceptions, shift, counts, cashTakings);

    public override bool PostsWhenApproved => true;

    /// <summary>Counted less expected over all tenders, in minor units.</summary>
    public long Variance => counts.Sum(count => count.Counted - count.Expected);

    /// <summary>Cash counted, in minor units.</summary>
    public long CashCounted => counts.Where(count => IsCash(count.Method)).Sum(count => count.Counted);

    /// <summary>The greatest difference of a tender, and its share of cash takings in millionths: what the approval rules compare.</summary>
    public override IReadOnlyDictionary<string, long> ApprovalFigures
    {
        get
        {
            var largest = counts.Select(count => Math.Abs(count.Counted - count.Expected)).DefaultIfEmpty(0).Max();
            var cash = counts.Where(count => IsCash(count.Method)).Sum(count => Math.Abs(count.Counted - count.Expected));
            return new Dictionary<string, long>
            {
                ["variance"] = largest,
                ["variance-rate"] = cashTakings > 0 ? (long)((Int128)cash * 1_000_000 / cashTakings) : cash > 0 ? 1_000_000 : 0,
            };
        }
    }

    public override string Snapshot => Snapshots.Of(new { Header.Number, Header.Status, shift = shift.Number, counts = counts.Select(count => new { count.Method, count.Expected, count.Counted }) });

    public static async Task<ShiftClose> Load(Tx tx, Header header, PointOfSaleFunction function, LedgerBook ledger, CatalogueView catalogue, Currency currency, ExceptionBook exceptions, CancellationToken ct)
    {
        var closing = await ShiftQueries.Lock(tx, header.SessionId!.Value, ct) ?? throw new InvariantBrokenException("A close has its shift.");
        var counted = tx.Later($"select method, expected, counted from pos_shift_tender where session_id = {closing.Id} order by method", row => (row.Text(0), row.Long(1), row.Long(2)));
        var cash = catalogue.PaymentMethods.Where(method => method.Type == PaymentType.Cash).Select(method => method.Code).ToList();
        var takings = tx.Later($"select {Sql.Raw(Dialect.SumLong(tx.Engine, "amount"))} from pos_tender where session_id = {closing.Id} and method {Sql.List(cash)}", row => row.Long(0));
        await tx.Flush(ct);
        return new ShiftClose(header, function, ledger, catalogue, currency, exceptions, closing, counted.Value, takings.Value[0]);
    }

    public override async Task<Result> Post(Tx tx, Stamp stamp, CancellationToken ct)
    {
        if (shift.State != "counted" || shift.CloseDocumentId != Header.Id) return Refusals.ShiftClosed;
        var posting = new Posting(Header.Id, Header.BusinessDate, "shift close");
        foreach (var (method, expected, counted) in counts)
        {
            var account = MoneyAccount(method);
            posting.Debit(account, counted - expected).Credit(new AccountKey(AccountRoles.CashOverShort, Header.Currency, "", Header.BranchId), counted - expected);
            if (IsCash(method)) ToSafe(posting, account, counted - (shift.NextFloat ?? 0));
        }

        if (posting.Lines.Count > 0) await ledger.Post(tx, posting, stamp, shift.Id, ct);
        tx.Stage($"update work_session set state = 'closed', closed_at = {stamp.At}, version = version + 1 where id = {shift.Id}");
        tx.Stage($"""
            update document set status = 'closed', version = version + 1, closed_at = {stamp.At}, closed_by = {stamp.Actor.UserId}
            where session_id = {shift.Id} and function = {Header.Function} and kind in ('sale', 'cash-movement') and status = 'posted'
            """);
        Facts.Stage(tx, stamp, new Fact
        {
            Document = Header,
            Event = Status.Posted,
            Amount = Variance,
            M4 = counts.Where(count => IsCash(count.Method)).Sum(count => Math.Abs(count.Counted - count.Expected)),
            M6 = cashTakings,
        });
        await RaiseExceptions(tx, stamp, ct);
        return Result.Done;
    }

    /// <summary>A close is not taken back: the next count corrects it.</summary>
    public override Task<Result> MayReverse(Tx tx, Stamp stamp, CancellationToken ct) => Task.FromResult<Result>(Refusals.ShiftClosed);

    /// <summary>The shift can be counted again when its close was rejected; an old close that is given up later does not touch the one that waits.</summary>
    public override Task GivenUp(Tx tx, Stamp stamp, CancellationToken ct)
    {
        tx.Stage($"update pos_shift set close_document_id = null, next_float = null where session_id = {shift.Id} and close_document_id = {Header.Id}");
        return Task.CompletedTask;
    }

    private bool IsCash(string method) => catalogue.PaymentMethod(method) is not { } known || known.Type == PaymentType.Cash;

    private AccountKey MoneyAccount(string method) => IsCash(method)
        ? new AccountKey(AccountRoles.CashDrawer, Header.Currency, shift.TerminalId.ToString("D"), Header.BranchId)
        : new AccountKey(catalogue.PaymentMethod(method)!.Type == PaymentType.Card ? AccountRoles.CardClearing : AccountRoles.MobileClearing, Header.Currency, method, Header.BranchId);

    /// <summary>What exceeds the next float goes to the safe; what is missing from it comes from there at the next opening.</summary>
    private void ToSafe(Posting posting, AccountKey drawer, long amount) =>
        posting.Debit(new AccountKey(AccountRoles.Safe, Header.Currency, Header.BranchId.ToString("D"), Header.BranchId), amount).Credit(drawer, amount);

    private async Task RaiseExceptions(Tx tx, Stamp stamp, CancellationToken ct)
    {
        var variance = await exceptions.Rule(function, SaleRules.CashVariance, Header.BranchId, ct);
        exceptions.Raise(tx, function, variance, [.. counts.Where(count => Math.Abs(count.Counted - count.Expected) > variance["above"])
            .Select(count => new ExceptionBook.Caught(Header, $"{shift.Number}: {count.Method} was counted {new Money(count.Counted, currency)}, expected {new Money(count.Expected, currency)}."))], stamp);
        var gap = await exceptions.Rule(function, SaleRules.ReceiptGap, Header.BranchId, ct);
        exceptions.Raise(tx, function, gap, [.. (await Gaps(tx, ct)).Select(missing => new ExceptionBook.Caught(Header, $"{shift.Number}: receipt {missing} is missing."))], stamp);
    }

    /// <summary>Receipt numbers missing between the first and the last of the shift.</summary>
    private async Task<IReadOnlyList<long>> Gaps(Tx tx, CancellationToken ct)
    {
        var after = await tx.Query($"""
            select seq, following from (
              select s.receipt_seq as seq, lead(s.receipt_seq) over (order by s.receipt_seq) as following
              from document d join pos_sale s on s.document_id = d.id
              where d.session_id = {shift.Id} and d.kind = 'sale' and d.reversal_of is null and s.receipt_seq is not null) numbered
            where following > seq + 1 order by seq limit 100
            """, row => (From: row.Long(0), To: row.Long(1)), ct);
        return [.. after.SelectMany(gap => Enumerable.Range(1, (int)Math.Min(gap.To - gap.From - 1, 100)).Select(step => gap.From + step)).Take(100)];
    }
}
