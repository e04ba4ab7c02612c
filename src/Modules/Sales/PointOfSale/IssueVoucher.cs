using Plug1.Customers;
using Plug1.Kernel;
using Plug1.Kernel.Audit;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Ledger;
using Plug1.Kernel.Organisation;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Sales.PointOfSale;

/// <summary>Asks for a gift card or store credit that nobody pays for.</summary>
/// <param name="Purpose">redress: makes good what went wrong; reward: thanks for loyalty.</param>
/// <param name="Amount">Its value, above zero.</param>
/// <param name="Reason">Why, from the list of the purpose.</param>
/// <param name="PartyId">Who gets it.</param>
/// <param name="ExpiresOn">Its last day; left out it does not expire, as a card that is sold.</param>
/// <param name="Text">Free text beside the reason.</param>
public sealed record VoucherRequest(string Purpose, string Amount, string Reason, Guid? PartyId = null, DateOnly? ExpiresOn = null, string? Text = null);

/// <summary>Where a voucher stands, with its code: told here and nowhere else.</summary>
/// <param name="Id">The document.</param>
/// <param name="Number">Its number.</param>
/// <param name="Status">posted; or submitted, while nothing can be paid with it.</param>
/// <param name="Code">The code in full.</param>
/// <param name="Purpose">redress or reward.</param>
/// <param name="Amount">Its value.</param>
/// <param name="ExpiresOn">Its last day.</param>
/// <param name="WaitsFor">The role that must approve it first.</param>
public sealed record VoucherIssueAnswer(Guid Id, string? Number, string Status, string Code, string Purpose, string Amount, DateOnly? ExpiresOn, string? WaitsFor);

/// <summary>Issues gift cards and store credit that nobody paid for. What is above the limit waits for a second person.</summary>
internal sealed class IssueVoucher(CommandRunner runner, PointOfSaleFunction function, OrganisationBook organisation, LedgerBook ledger, LifecycleDesk lifecycle, IDirectory directory)
{
    private static readonly Table IssueTable = new("pos_voucher_issue",
        ("document_id", Kind.Id), ("voucher_id", Kind.Id), ("code", Kind.Text), ("purpose", Kind.Text), ("amount", Kind.Long), ("reason", Kind.Text), ("expires_on", Kind.Date));

    /// <summary>Runs as a command of its own.</summary>
    public async Task<Result<Answer>> Run(CommandCall call, VoucherRequest request, CancellationToken ct = default)
    {
        var issued = await runner.Run(call, PointOfSaleFunction.FunctionCode, "issue-voucher", 201, (tx, stamp) => Within(tx, stamp, request, ct), ct);
        await directory.Refused(call, request.PartyId, issued.Refusal, ct);
        return issued;
    }

    /// <summary>Issues inside a transaction that is open already.</summary>
    public async Task<Result<VoucherIssueAnswer>> Within(Tx tx, Stamp stamp, VoucherRequest request, CancellationToken ct = default)
    {
        var currency = (await organisation.Get(ct)).Company.Currency;
        if (!VoucherPurpose.IsKnown(request.Purpose)) return Refusals.PurposeUnknown;
        if (!Money.TryParse(request.Amount, currency, out var amount) || !amount.IsPositive) return Refusals.AmountInvalid("/amount");
        if (amount.Minor > ValueRefusals.GreatestMinor) return ValueRefusals.AmountTooLarge("/amount");
        if (request.ExpiresOn < stamp.BusinessDate) return Refusals.ExpiryPast;
        var customer = directory.Ask(tx, request.PartyId ?? Guid.Empty);
        var reason = Reasons.Find(tx, function.Code, request.Purpose, request.Reason);
        await tx.Flush(ct);
        if (request.PartyId is not null)
        {
            if (customer.Party is not { } party) return Refusals.CustomerUnknown with { At = "/partyId" };
            if (party.MayNot("/partyId") is { } not) return not;
        }

        if (reason.Value.Count == 0) return Reasons.Required(request.Purpose);

        var header = Header.Draft(Ids.New(runner.Clock), function.Code, IssuedVoucher.Kind, stamp, currency.Code);
        header.PartyId = request.PartyId is null ? null : customer.Party!.Id;
        header.Total = amount.Minor;
        header.Note = request.Text;
        var data = new IssuedVoucherData(Ids.New(runner.Clock), Vouchers.NewCode(), request.Purpose, amount.Minor, request.Reason, request.ExpiresOn);
        var document = new IssuedVoucher(header, data, ledger);
        tx.Insert(IssueTable, [[header.Id, data.VoucherId, data.Code, data.Purpose, data.Amount, data.Reason, data.ExpiresOn]]);
        header.Number = await Numbers.Draw(tx, $"{function.Code}/voucher/{header.BusinessDate:yyyy}", $"VOUCHER-{header.BusinessDate:yyyy}-", ct: ct);
        Headers.Insert(tx, header);
        var submitted = await lifecycle.Submit(tx, stamp, document, ct);
        if (submitted.Refusal is { } no) return no;
        Headers.Update(tx, header);
        AuditTrail.Stage(tx, new AuditEvent(stamp, function.Code, "issue-voucher", header.Kind, header.Id, After: document.Snapshot, Reason: data.Reason, ReasonText: header.Note), runner.Clock);
        return new VoucherIssueAnswer(header.Id, header.Number, header.Status, data.Code, data.Purpose, amount.ToString(), data.ExpiresOn, submitted.Value.WaitsFor);
    }
}
