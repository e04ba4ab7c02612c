using Plug1.Kernel;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Storage;

namespace Plug1.Sales.PointOfSale;

/// <summary>What one customer bought at one till, once it stands in the books; or a parked basket, while it is a draft.</summary>
internal sealed class Sale(Header header, PointOfSaleFunction function, Kernel.Exceptions.ExceptionBook exceptions, Customers.Loyalty.ILoyalty loyalty) : Document(header)
{
    public override string Snapshot => Snapshots.Of(new { Header.Number, Header.Status, Header.Total });

    /// <summary>A parked basket becomes a sale by checkout, which prices it anew; it is not handed in as it is.</summary>
    public override Task<Result> MaySubmit(Tx tx, Stamp stamp, CancellationToken ct) => Task.FromResult<Result>(NotByItself);

    public override Task<Result> Post(Tx tx, Stamp stamp, CancellationToken ct) => Task.FromResult<Result>(NotByItself);

    /// <summary>Only while its shift is open, and while nothing has come back and no invoice was written.</summary>
    public override async Task<Result> MayReverse(Tx tx, Stamp stamp, CancellationToken ct)
    {
        loyalty.Hold(tx, Header.Id);
        var shift = tx.Later($"select state from work_session where id = {Header.SessionId}{Dialect.ForShare(tx.Engine)}", row => row.Text(0));
        var relations = tx.Later($"select relation from document_relation where from_id = {Header.Id}", row => row.Text(0));
        var cards = Vouchers.IssuedBy(tx, Header.Id);
        await tx.Flush(ct);
        if (Header.ReversalOf is not null) return Refusals.MirrorNotReversed;
        if (shift.Value is not ["open"]) return Refusals.ShiftClosed;
        if (cards.Value.Exists(card => card.Left < card.Worth)) return Refusals.VoucherSpent;
        if (relations.Value.Contains("returned-by")) return Refusals.HasReturns;
        return relations.Value.Contains("invoiced-by") ? Refusals.AlreadyInvoiced : Result.Done;
    }

    public override async Task<Result> Reversed(Tx tx, Header mirror, Stamp stamp, CancellationToken ct)
    {
        Sales.InsertMirror(tx, Header.Id, mirror.Id);
        await loyalty.Reverse(tx, stamp, Header.Id, mirror.Id, ct);
        var rule = await exceptions.Rule(function, SaleRules.ReversedAfterTender, Header.BranchId, ct);
        if (Math.Abs(Header.Total) >= rule["atLeast"])
            exceptions.Raise(tx, function, rule, [new Kernel.Exceptions.ExceptionBook.Caught(Header, $"{Header.Number} was reversed after it was paid.")], stamp);
        return Result.Done;
    }

    private static Refusal NotByItself { get; } = new("POS_USE_CHECKOUT", "A basket becomes a sale by checkout at the till.", "/status", 409);
}

/// <summary>Cash put into the drawer or taken out of it without a sale.</summary>
internal sealed class CashMovement(Header header, CashMovementData data, Kernel.Ledger.LedgerBook ledger) : Document(header)
{
    public override bool PostsWhenApproved => true;

    public override string Snapshot => Snapshots.Of(new { Header.Number, Header.Status, Header.Total, data.Movement, data.Reason });

    public override IReadOnlyDictionary<string, long> ApprovalFigures => new Dictionary<string, long> { [data.Movement] = data.Amount };

    public override async Task<Result> Post(Tx tx, Stamp stamp, CancellationToken ct)
    {
        // It may have waited for approval: what was counted meanwhile is not changed any more.
        if (!await ShiftQueries.IsOpen(tx, Header.SessionId, ct)) return Refusals.ShiftClosed;
        var posting = new Kernel.Ledger.Posting(Header.Id, Header.BusinessDate, data.Movement);
        var drawer = new Kernel.Ledger.AccountKey(Kernel.Ledger.AccountRoles.CashDrawer, Header.Currency, data.TerminalId.ToString("D"), Header.BranchId);
        var counter = new Kernel.Ledger.AccountKey(data.CounterRole, Header.Currency, data.CounterRole == Kernel.Ledger.AccountRoles.Safe ? Header.BranchId.ToString("D") : data.Reason ?? "", Header.BranchId);
        if (data.Movement is "float" or "paid-in") posting.Debit(drawer, data.Amount).Credit(counter, data.Amount);
        else posting.Debit(counter, data.Amount).Credit(drawer, data.Amount);
        await ledger.Post(tx, posting, stamp, Header.SessionId, ct);
        tx.Stage($"update pos_cash_movement set posted = true where document_id = {Header.Id}");
        Kernel.Reporting.Facts.Stage(tx, stamp, new Kernel.Reporting.Fact { Document = Header, Event = Status.Posted, Amount = data.Amount, D1 = data.Movement });
        return Result.Done;
    }

    public override async Task<Result> MayReverse(Tx tx, Stamp stamp, CancellationToken ct)
    {
        if (Header.ReversalOf is not null) return Refusals.MirrorNotReversed;
        return data.Movement != "float" && await ShiftQueries.IsOpen(tx, Header.SessionId, ct) ? Result.Done : Refusals.ShiftClosed;
    }

    public override Task<Result> Reversed(Tx tx, Header mirror, Stamp stamp, CancellationToken ct)
    {
        tx.Stage($"update pos_cash_movement set posted = false where document_id = {Header.Id}");
        return Task.FromResult(Result.Done);
    }
}

/// <summary>Typed data of a cash movement. Amount in minor units, more than zero.</summary>
internal sealed record CashMovementData(Guid SessionId, Guid TerminalId, string Movement, long Amount, string? Reason, Kernel.Ledger.AccountRole CounterRole);
