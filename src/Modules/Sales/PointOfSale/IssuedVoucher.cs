using Plug1.Kernel;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Ledger;
using Plug1.Kernel.Reporting;
using Plug1.Kernel.Storage;

namespace Plug1.Sales.PointOfSale;

/// <summary>What a voucher that nobody paid for is for, and who bears its cost.</summary>
internal static class VoucherPurpose
{
    /// <summary>Makes good what went wrong.</summary>
    public const string Redress = "redress";

    /// <summary>Thanks for loyalty.</summary>
    public const string Reward = "reward";

    public static bool IsKnown(string purpose) => purpose is Redress or Reward;

    public static AccountRole RoleOf(string purpose) => purpose == Reward ? AccountRoles.LoyaltyRedemption : AccountRoles.GoodwillExpense;
}

/// <summary>Typed data of a voucher that nobody paid for. Amount in minor units, more than zero.</summary>
internal sealed record IssuedVoucherData(Guid VoucherId, string Code, string Purpose, long Amount, string Reason, DateOnly? ExpiresOn);

/// <summary>A gift card or store credit that nobody paid for. Nothing can be paid with it before it is posted.</summary>
internal sealed class IssuedVoucher(Header header, IssuedVoucherData data, LedgerBook ledger) : Document(header)
{
    /// <summary>Its kind.</summary>
    public const string Kind = "voucher";

    public override bool PostsWhenApproved => true;

    public override string Snapshot => Snapshots.Of(new { Header.Number, Header.Status, Header.Total, data.Purpose, data.Reason, data.ExpiresOn, code = Vouchers.Masked(data.Code) });

    public override IReadOnlyDictionary<string, long> ApprovalFigures => new Dictionary<string, long> { [data.Purpose] = data.Amount };

    /// <summary>Reads a document; its mirror shows the data of what it mirrors.</summary>
    public static async Task<IssuedVoucher> Load(Tx tx, Header header, LedgerBook ledger, CancellationToken ct)
    {
        var data = await tx.First($"select voucher_id, code, purpose, amount, reason, expires_on from pos_voucher_issue where document_id = {header.ReversalOf ?? header.Id}",
            row => new IssuedVoucherData(row.Guid(0), row.Text(1), row.Text(2), row.Long(3), row.Text(4), row.DateOrNull(5)), ct);
        return new IssuedVoucher(header, data ?? throw new InvariantBrokenException("A voucher issued has its data."), ledger);
    }

    public override async Task<Result> Post(Tx tx, Stamp stamp, CancellationToken ct)
    {
        // It may have waited for approval past its last day.
        if (data.ExpiresOn < stamp.BusinessDate) return Refusals.ExpiryPast;
        var cost = new AccountKey(VoucherPurpose.RoleOf(data.Purpose), Header.Currency, data.Reason, Header.BranchId);
        var posting = new Posting(Header.Id, Header.BusinessDate, data.Purpose).Debit(cost, data.Amount).Credit(Sales.VoucherAccount(Header.Currency, data.VoucherId), data.Amount);
        await ledger.Post(tx, posting, stamp, null, ct);
        tx.Insert(Sales.VoucherTable, [[data.VoucherId, data.Code, Header.BusinessDate, data.ExpiresOn, Header.PartyId, Header.Id, data.Amount]]);
        Facts.Stage(tx, stamp, new Fact { Document = Header, Event = Status.Posted, Amount = data.Amount, D1 = data.Purpose });
        return Result.Done;
    }

    /// <summary>Only while nothing of it is spent or expired.</summary>
    public override async Task<Result> MayReverse(Tx tx, Stamp stamp, CancellationToken ct)
    {
        if (Header.ReversalOf is not null) return Refusals.MirrorNotReversed;
        var issued = Vouchers.IssuedBy(tx, Header.Id);
        await tx.Flush(ct);
        return issued.Value.Exists(voucher => voucher.Left < voucher.Worth) ? Refusals.VoucherSpent : Result.Done;
    }
}
