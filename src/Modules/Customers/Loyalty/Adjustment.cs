using Plug1.Kernel;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Ledger;
using Plug1.Kernel.Reporting;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Customers.Loyalty;

/// <summary>Typed data of an adjustment, or of a transfer when it names who gets the points.</summary>
internal sealed record AdjustmentData(Guid Member, Guid? To, Quantity Points, string Reason, DateOnly? ExpiresOn);

/// <summary>Points given or taken by hand, or handed to another member.</summary>
/// <remarks>Points given without a sale are an expense of goodwill, owed at what they stand for, where revenue is deferred. What is taken must be there.</remarks>
internal sealed class Adjustment(Header header, AdjustmentData data, LoyaltyFunction function) : Document(header)
{
    public override bool PostsWhenApproved => true;

    public override string Snapshot => Snapshots.Of(new { Header.Number, Header.Status, Header.PartyId, data.Points, data.To, data.Reason, data.ExpiresOn });

    /// <summary>Whole points, rounded up.</summary>
    public override IReadOnlyDictionary<string, long> ApprovalFigures =>
        new Dictionary<string, long> { ["amount"] = 0, ["points"] = checked(data.Points.Absolute.Millionths + Quantity.One.Millionths - 1) / Quantity.One.Millionths };

    public override async Task<Result> Post(Tx tx, Stamp stamp, CancellationToken ct)
    {
        Guid[] ids = data.To is { } other ? [data.Member, other] : [data.Member];
        // The members first, in their order: what is read after it stands still.
        var members = Members.ById(tx, ids, locked: true);
        var lots = Members.LotsOf(tx, ids, Header.Id);
        await tx.Flush(ct);
        var row = members.Value.First(member => member.Id == data.Member);
        if (row.Terms is not { } text) return LoyaltyRefusals.ProgrammeInactive;
        var terms = ProgrammeTerms.Of(text, await function.Currency(ct));
        if (data.ExpiresOn < Header.BusinessDate) return LoyaltyRefusals.ExpiryPast;
        MemberPoints Of(MemberRow member) => new(member.Id, member.Programme, member.Debt, lots.Value.Where(lot => lot.Member == member.Id).Select(lot => lot.Lot), function.Clock);
        var (points, posting) = (Of(row), new Posting(Header.Id, Header.BusinessDate, data.Reason));
        var (mine, issued) = (LoyaltyAccounts.Of(row.Programme, row.Id), LoyaltyAccounts.Of(LoyaltyAccounts.Issued, row.Programme));
        var kind = data.To is null ? Movement.Adjust : Movement.Transfer;
        if (data.To is { } to)
        {
            var taken = Take(points, kind, -data.Points);
            if (taken.IsRefused) return taken;
            var receiver = Of(members.Value.First(member => member.Id == to));
            receiver.Give(kind, Header.Id, -data.Points, Header.BusinessDate, Points.LotEnd(terms.Expiry, Header.BusinessDate, Header.BusinessDate));
            receiver.Save(tx, Header.Id, Header.BusinessDate);
            posting.Debit(LoyaltyAccounts.Of(row.Programme, to), -data.Points.Millionths).Credit(mine, -data.Points.Millionths);
        }
        else
        {
            if (data.Points.IsPositive) points.Give(kind, Header.Id, data.Points, Header.BusinessDate, data.ExpiresOn ?? Points.LotEnd(terms.Expiry, Header.BusinessDate, Header.BusinessDate));
            else if (Take(points, kind, -data.Points) is { IsRefused: true } no) return no;
            posting.Debit(mine, data.Points.Millionths).Credit(issued, data.Points.Millionths);
            if (data.Points.IsPositive) PostGoodwill(tx, posting, terms, row.Programme);
        }

        points.Save(tx, Header.Id, Header.BusinessDate);
        await function.Ledger.Post(tx, posting, stamp, null, ct);
        Facts.Stage(tx, stamp, new Fact { Document = Header, Event = Status.Posted, Quantity = data.To is null ? data.Points.Millionths : 0, D1 = row.Programme });
        Header.Number = await Numbers.Draw(tx, $"{Header.Function}/{Header.Kind}/{Header.BusinessDate:yyyy}", $"{(data.To is null ? "POINTS" : "TRANSFER")}-{Header.BusinessDate:yyyy}-", ct: ct);
        return Result.Done;
    }

    public override Task<Result> MayReverse(Tx tx, Stamp stamp, CancellationToken ct)
    {
        if (Header.ReversalOf is not null) return Task.FromResult<Result>(LoyaltyRefusals.MirrorNotReversed);
        Members.ById(tx, data.To is { } to ? [data.Member, to] : [data.Member], locked: true);
        return Task.FromResult(Result.Done);
    }

    public override async Task<Result> Reversed(Tx tx, Header mirror, Stamp stamp, CancellationToken ct)
    {
        await Undoing.Run(tx, function.Ledger, stamp, Header.Id, mirror.Id, function.Clock, ct);
        return Result.Done;
    }

    private Result Take(MemberPoints member, string kind, Quantity points) =>
        member.TryTake(kind, points, Header.BusinessDate) ? Result.Done : LoyaltyRefusals.Insufficient(member.Usable(Header.BusinessDate), "/points");

    private void PostGoodwill(Tx tx, Posting posting, LoyaltyProgrammeTerms terms, string programme)
    {
        if (terms is not { Deferral: true, Redemption: { } pays }) return;
        var owed = Deferral.StandAlone(data.Points, pays, terms.BreakageRate).Round(Rounding.HalfAwayFromZero);
        var month = new DateOnly(Header.BusinessDate.Year, Header.BusinessDate.Month, 1);
        posting.Debit(new AccountKey(AccountRoles.GoodwillExpense, Header.Currency, data.Reason, Header.BranchId), owed).Credit(LoyaltyAccounts.Cohort(Header.Currency, programme, month), owed);
        if (owed != 0) LoyaltyTables.Defer(tx, Header.Id, programme, month, "deferred", owed);
    }
}
