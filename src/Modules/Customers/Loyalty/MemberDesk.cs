using Plug1.Kernel;
using Plug1.Kernel.Audit;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Documents;
using Plug1.Kernel.MasterData;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Customers.Loyalty;

/// <summary>Enters programmes, members, adjustments and transfers.</summary>
internal sealed class MemberDesk(CommandRunner runner, LoyaltyFunction function, LifecycleDesk lifecycle)
{
    private static readonly Table ProgrammeTable = new("loyalty_programme", ("document_id", Kind.Id), ("code", Kind.Text), ("name", Kind.Text), ("revision", Kind.Long), ("terms", Kind.Text));

    private static readonly Table MemberTable = new("loyalty_member",
        ("id", Kind.Id), ("programme", Kind.Text), ("party_id", Kind.Id), ("card", Kind.Text), ("enrolled_on", Kind.Date), ("terms_id", Kind.Id), ("active", Kind.Bool));

    private static readonly Table AdjustmentTable = new("loyalty_adjustment",
        ("document_id", Kind.Id), ("member_id", Kind.Id), ("to_member_id", Kind.Id), ("points", Kind.Long), ("reason", Kind.Text), ("expires_on", Kind.Date));

    /// <summary>Enters a version of a programme as a draft.</summary>
    public Task<Result<Answer>> Enter(CommandCall call, ProgrammeRequest request, CancellationToken ct = default) =>
        runner.Run(call, function.Code, "configure", 201, (tx, stamp) => EnterWithin(tx, stamp, request, ct), ct);

    /// <summary>A customer joins.</summary>
    public Task<Result<Answer>> Enrol(CommandCall call, EnrolRequest request, CancellationToken ct = default) =>
        runner.Run(call, function.Code, "create", 201, (tx, stamp) => EnrolWithin(tx, stamp, request, ct), ct);

    /// <summary>Gives or takes points by hand.</summary>
    public Task<Result<Answer>> Adjust(CommandCall call, AdjustRequest request, CancellationToken ct = default) =>
        runner.Run(call, function.Code, "adjust", 201, (tx, stamp) => AdjustWithin(tx, stamp, request, ct), ct);

    /// <summary>Hands points to another member.</summary>
    public Task<Result<Answer>> Transfer(CommandCall call, TransferRequest request, CancellationToken ct = default) =>
        runner.Run(call, function.Code, "adjust", 201, (tx, stamp) => TransferWithin(tx, stamp, request, ct), ct);

    /// <summary>Enters a version inside a transaction that is open already.</summary>
    public async Task<Result<ProgrammeAnswer>> EnterWithin(Tx tx, Stamp stamp, ProgrammeRequest request, CancellationToken ct = default)
    {
        var currency = await function.Currency(ct);
        if (ProgrammeTerms.Of(request, currency).Refusal is { } no) return no;
        var revision = 1 + await tx.Number($"select coalesce(max(revision), 0) from loyalty_programme where code = {request.Code}", ct);
        var header = Header.Draft(Ids.New(runner.Clock), function.Code, LoyaltyFunction.ProgrammeKind, stamp, currency.Code);
        Headers.Insert(tx, header);
        tx.Insert(ProgrammeTable, [[header.Id, request.Code, request.Name, revision, ProgrammeTerms.Write(request)]]);
        AuditTrail.Stage(tx, new AuditEvent(stamp, function.Code, "create", header.Kind, header.Id, After: Snapshots.Of(request)), runner.Clock);
        return new ProgrammeAnswer(header.Id, request.Code, request.Name, header.Status, header.Version, revision);
    }

    /// <summary>Enrols inside a transaction that is open already.</summary>
    public async Task<Result<EnrolAnswer>> EnrolWithin(Tx tx, Stamp stamp, EnrolRequest request, CancellationToken ct = default)
    {
        if (request.Card is { } wrong && (Check.Text(wrong, "/card", 60) ?? (wrong.Length == 0 ? Check.Text(" ", "/card", 60) : null)) is { } no) return no;
        var programmes = tx.Later($"select document_id, code from loyalty_programme where active order by code", row => (Id: row.Guid(0), Code: row.Text(1)));
        var party = tx.Later($"select coalesce(canonical_id, id), state from party where id = {request.PartyId}", row => (Id: row.Guid(0), State: row.Text(1)));
        var live = tx.Later($"select id from loyalty_member where active and party_id = (select coalesce(canonical_id, id) from party where id = {request.PartyId})", row => row.Guid(0));
        var card = tx.Later($"select id from loyalty_member where active and card = {request.Card ?? ""}", row => row.Guid(0));
        await tx.Flush(ct);
        var fitting = programmes.Value.FindAll(one => request.Programme is null || one.Code == request.Programme);
        if (fitting.Count != 1) return LoyaltyRefusals.ProgrammeUnknown("/programme");
        if (party.Value.Count == 0 || party.Value[0].State == "blocked") return LoyaltyRefusals.CustomerUnknown("/partyId");
        if (live.Value.Count > 0) return LoyaltyRefusals.AlreadyEnrolled;
        if (card.Value.Count > 0) return LoyaltyRefusals.CardTaken;

        var header = Header.Draft(Ids.New(runner.Clock), function.Code, LoyaltyFunction.EnrolmentKind, stamp, (await function.Currency(ct)).Code);
        header.PartyId = party.Value[0].Id;
        tx.Insert(MemberTable, [[header.Id, fitting[0].Code, header.PartyId, request.Card, stamp.BusinessDate, fitting[0].Id, false]]);
        Headers.Insert(tx, header);
        var submitted = await Submit(tx, stamp, new Enrolment(header), "enrol", null, ct);
        return submitted.IsRefused ? submitted.Refusal : new EnrolAnswer(header.Id, header.Number, header.Status, fitting[0].Code);
    }

    /// <summary>Adjusts inside a transaction that is open already.</summary>
    public async Task<Result<AdjustAnswer>> AdjustWithin(Tx tx, Stamp stamp, AdjustRequest request, CancellationToken ct = default)
    {
        if (request.ExpiresOn < stamp.BusinessDate || request.ExpiresOn?.Year > 2199) return LoyaltyRefusals.ExpiryPast;
        return await Give(tx, stamp, LoyaltyFunction.AdjustmentKind, (request.PartyId, "/partyId"), null, request.Points, request.Reason, request.ExpiresOn, request.Text, ct);
    }

    /// <summary>Transfers inside a transaction that is open already.</summary>
    public async Task<Result<AdjustAnswer>> TransferWithin(Tx tx, Stamp stamp, TransferRequest request, CancellationToken ct = default)
    {
        if (!request.Points.IsPositive) return LoyaltyRefusals.PointsInvalid("/points");
        return await Give(tx, stamp, LoyaltyFunction.TransferKind, (request.FromPartyId, "/fromPartyId"), request.ToPartyId, -request.Points, request.Reason, null, request.Text, ct);
    }

    private async Task<Result<AdjustAnswer>> Give(
        Tx tx, Stamp stamp, string kind, (Guid Id, string At) from, Guid? toParty, Quantity points, string why, DateOnly? expiresOn, string? text, CancellationToken ct)
    {
        if (Check.Text(text, "/text") is { } wrong) return wrong;
        var asked = Members.OfParty(tx, from.Id, locked: false);
        var other = Members.OfParty(tx, toParty ?? Guid.Empty, locked: false);
        var reason = Reasons.Find(tx, function.Code, "adjust", why);
        await tx.Flush(ct);
        if (asked.Value.Count == 0) return LoyaltyRefusals.NotEnrolled(from.At);
        var (member, to) = (asked.Value[0], other.Value.FirstOrDefault());
        if (toParty is not null && to is null) return LoyaltyRefusals.NotEnrolled("/toPartyId");
        if (to?.Id == member.Id) return LoyaltyRefusals.TransferSelf;
        if (to is not null && to.Programme != member.Programme) return LoyaltyRefusals.OtherProgramme;
        if (member.Terms is null) return LoyaltyRefusals.ProgrammeInactive;
        var decimals = ProgrammeTerms.Read(member.Terms).PointDecimals;
        if (points.IsZero || points.Millionths is > 1_000_000_000_000_000 or < -1_000_000_000_000_000 || points.Millionths % PointGrid.Grain(decimals) != 0) return LoyaltyRefusals.PointsInvalid("/points");
        if (reason.Value.Count == 0) return Reasons.Required("adjust");

        var header = Header.Draft(Ids.New(runner.Clock), function.Code, kind, stamp, (await function.Currency(ct)).Code);
        (header.PartyId, header.Note) = (member.PartyId, text);
        tx.Insert(AdjustmentTable, [[header.Id, member.Id, to?.Id, points.Millionths, why, expiresOn]]);
        Headers.Insert(tx, header);
        var document = new Adjustment(header, new AdjustmentData(member.Id, to?.Id, points, why, expiresOn), function);
        var submitted = await Submit(tx, stamp, document, "adjust", why, ct);
        return submitted.IsRefused ? submitted.Refusal : new AdjustAnswer(header.Id, header.Number, header.Status, points.Absolute.ToString(), submitted.Value);
    }

    /// <summary>Hands a document in; what needs no approval is posted at once.</summary>
    /// <returns>The role that must approve it first, or null.</returns>
    private async Task<Result<string?>> Submit(Tx tx, Stamp stamp, Document document, string action, string? reason, CancellationToken ct)
    {
        var submitted = await lifecycle.Submit(tx, stamp, document, ct);
        if (submitted.IsRefused) return submitted.Refusal;
        Headers.Update(tx, document.Header);
        AuditTrail.Stage(tx, new AuditEvent(stamp, function.Code, action, document.Header.Kind, document.Header.Id, After: document.Snapshot, Reason: reason, ReasonText: document.Header.Note), runner.Clock);
        return submitted.Value.WaitsFor;
    }
}
