using Plug1.Kernel;
using Plug1.Kernel.Audit;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Parties;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Customers.Directory;

/// <summary>Enters customers, changes them, blocks them and records what they agreed to.</summary>
internal sealed class CustomerDesk(CommandRunner runner, DirectoryFunction function, LifecycleDesk lifecycle)
{
    private static readonly Table Blocks = new("customer_block", ("document_id", Kind.Id), ("blocks", Kind.Bool), ("reason", Kind.Text));

    /// <summary>Enters a draft.</summary>
    public Task<Result<Answer>> Create(CommandCall call, CustomerRequest request, CancellationToken ct = default) =>
        runner.Run(call, DirectoryFunction.FunctionCode, "create", 201, (tx, stamp) => CreateWithin(tx, stamp, request, ct), ct);

    /// <summary>Enters a customer and makes it active, in one call.</summary>
    public Task<Result<Answer>> QuickCreate(CommandCall call, QuickCustomerRequest request, CancellationToken ct = default) =>
        runner.Run(call, DirectoryFunction.FunctionCode, "create", 201, (tx, stamp) => QuickCreateWithin(tx, stamp, request, ct), ct);

    /// <summary>Changes a draft as a whole, or makes a new version of an active customer.</summary>
    public Task<Result<Answer>> Edit(CommandCall call, Guid id, long? version, CustomerRequest request, CancellationToken ct = default) =>
        runner.Run(call, DirectoryFunction.FunctionCode, "update", 200, (tx, stamp) => EditWithin(tx, stamp, id, version, request, ct), ct);

    /// <summary>Blocks or unblocks.</summary>
    public Task<Result<Answer>> SetBlocked(CommandCall call, Guid id, bool blocks, StandingRequest request, CancellationToken ct = default) =>
        runner.Run(call, DirectoryFunction.FunctionCode, "block", 200, (tx, stamp) => SetBlockedWithin(tx, stamp, id, blocks, request, ct), ct);

    /// <summary>Records a consent.</summary>
    public Task<Result<Answer>> Consents(CommandCall call, Guid id, ConsentRequest request, CancellationToken ct = default) =>
        runner.Run(call, DirectoryFunction.FunctionCode, "consent", 201, (tx, stamp) => ConsentWithin(tx, stamp, id, request, ct), ct);

    /// <summary>Enters a draft inside a transaction that is open already.</summary>
    public async Task<Result<CustomerAnswer>> CreateWithin(Tx tx, Stamp stamp, CustomerRequest request, CancellationToken ct = default)
    {
        var header = await Draft(Customer.Kind, request.Id, stamp, ct);
        var read = await Read(tx, stamp, request, header.Id, ct);
        if (read.IsRefused) return read.Refusal;
        var row = new CustomerRow(read.Value, null, 1, false);
        CustomerTables.Write(tx, header.Id, row, held: false);
        Headers.Insert(tx, header);
        Audit(tx, stamp, "create", header, null, CustomerText.Of(header, row.Data));
        return new CustomerAnswer(header.Id, null, header.Status, header.Version);
    }

    /// <summary>Draft to active inside a transaction that is open already.</summary>
    public async Task<Result<CustomerAnswer>> QuickCreateWithin(Tx tx, Stamp stamp, QuickCustomerRequest request, CancellationToken ct = default)
    {
        if (!stamp.May($"{function.Code}.submit")) return CommandRunner.Denied($"{function.Code}.submit");
        var contacts = new List<ContactPointRequest>();
        if (!string.IsNullOrWhiteSpace(request.Phone)) contacts.Add(new ContactPointRequest(ContactPoint.Phone, request.Phone, "mobile", true));
        if (!string.IsNullOrWhiteSpace(request.Email)) contacts.Add(new ContactPointRequest(ContactPoint.Email, request.Email, "home", true));
        var card = string.IsNullOrWhiteSpace(request.Card) ? null : new[] { new IdentifierRequest(Identifier.Card, request.Card) };
        var made = await CreateWithin(tx, stamp, new CustomerRequest(request.PartyType, request.DisplayName, ContactPoints: contacts, Identifiers: card,
            AcquisitionSource: request.AcquisitionSource, Id: request.Id), ct);
        if (made.IsRefused) return made.Refusal;
        await tx.Flush(ct);
        var moved = await lifecycle.Within(tx, stamp, function, new LifecycleStep(Verb.Submit, made.Value.Id, null), ct);
        return moved.IsRefused ? moved.Refusal : new CustomerAnswer(moved.Value.Id, moved.Value.Number, moved.Value.Status, moved.Value.Version, WaitsFor: moved.Value.WaitsFor);
    }

    /// <summary>Changes inside a transaction that is open already.</summary>
    public async Task<Result<CustomerAnswer>> EditWithin(Tx tx, Stamp stamp, Guid id, long? version, CustomerRequest request, CancellationToken ct = default)
    {
        var locked = await Lock(tx, stamp, id, version, "update", ct);
        if (locked.IsRefused) return locked.Refusal;
        var header = locked.Value;
        var asked = CustomerTables.Ask(tx, id);
        await tx.Flush(ct);
        var row = asked()!;
        var read = await Read(tx, stamp, request with { AcquiredOn = request.AcquiredOn ?? row.Data.AcquiredOn, AcquisitionSource = request.AcquisitionSource ?? row.Data.Source }, id, ct);
        if (read.IsRefused) return read.Refusal;
        if (header.Status == Status.Posted) return await NewVersion(tx, stamp, header, row, read.Value, ct);
        var next = Lifecycle.Next(header.Status, Verb.Edit);
        if (next.IsRefused) return next.Refusal;
        var before = CustomerText.Of(header, row.Data);
        if (header.Status != next.Value) header.BackToDraft(stamp);
        header.Edit(stamp);
        CustomerTables.Write(tx, id, row with { Data = read.Value }, held: false);
        Headers.Update(tx, header);
        Audit(tx, stamp, Verb.Edit, header, before, CustomerText.Of(header, read.Value));
        return new CustomerAnswer(id, header.Number, header.Status, header.Version);
    }

    /// <summary>Blocks or unblocks inside a transaction that is open already.</summary>
    public async Task<Result<CustomerAnswer>> SetBlockedWithin(Tx tx, Stamp stamp, Guid id, bool blocks, StandingRequest request, CancellationToken ct = default)
    {
        var locked = await Lock(tx, stamp, id, null, "block", ct);
        if (locked.IsRefused) return locked.Refusal;
        if (locked.Value.Status != Status.Posted) return Lifecycle.Next(Status.Draft, Verb.Close).Refusal!;
        var reasons = Reasons.Find(tx, function.Code, blocks ? CustomerBlock.Block : CustomerBlock.Unblock, request.Reason);
        var party = await PartyBook.Find(tx, id, ct);
        if (party!.State == PartyState.Blocked == blocks) return DirectoryRefusals.StandingSame(blocks);
        if (reasons.Value.Count == 0) return Reasons.Required(blocks ? CustomerBlock.Block : CustomerBlock.Unblock);
        if (MasterData(request.Text) is { } no) return no;
        var header = await Draft(CustomerBlock.Kind, null, stamp, ct);
        (header.PartyId, header.Note) = (id, string.IsNullOrWhiteSpace(request.Text) ? null : request.Text.Trim());
        tx.Insert(Blocks, [[header.Id, blocks, request.Reason]]);
        var posted = await PostAtOnce(tx, stamp, new CustomerBlock(header, blocks, request.Reason!, function), blocks ? CustomerBlock.Block : CustomerBlock.Unblock, request.Reason, ct);
        return posted.IsRefused ? posted.Refusal : new CustomerAnswer(id, locked.Value.Number, locked.Value.Status, locked.Value.Version, header.Id);
    }

    /// <summary>Records a consent inside a transaction that is open already.</summary>
    public async Task<Result<ConsentAnswer>> ConsentWithin(Tx tx, Stamp stamp, Guid id, ConsentRequest request, CancellationToken ct = default)
    {
        var data = Consent.Of(request, stamp);
        if (data.IsRefused) return data.Refusal;
        var locked = await Lock(tx, stamp, id, null, "consent", ct);
        if (locked.IsRefused) return locked.Refusal;
        if (locked.Value.Status is not (Status.Posted or Status.Closed)) return Lifecycle.Next(Status.Draft, Verb.Close).Refusal!;
        var header = await Draft(Consent.Kind, null, stamp, ct);
        header.PartyId = id;
        var posted = await PostAtOnce(tx, stamp, new Consent(header, data.Value), "consent", null, ct);
        return posted.IsRefused ? posted.Refusal : new ConsentAnswer(header.Id, header.Number, data.Value.Purpose, data.Value.Channel, data.Value.Granted);
    }

    /// <summary>Splits a change: what needs no approval is a version at once, the controlled fields are a change of their own that asks the rules.</summary>
    private async Task<Result<CustomerAnswer>> NewVersion(Tx tx, Stamp stamp, Header header, CustomerRow row, CustomerData after, CancellationToken ct)
    {
        var controlled = row.Data.ControlledChanges(after).Count > 0;
        var free = after.WithControlledOf(row.Data) with { Name = after.Name };
        if (!controlled && row.Data.Says(free)) return DirectoryRefusals.ChangeNothing;
        if (await CustomerRules.MayTake(tx, header.Id, after, ct) is { IsRefused: true } taken) return taken.Refusal;
        if (controlled && await Pending(tx, header.Id, ct) is { } pending) return DirectoryRefusals.ChangePending(pending);
        CustomerAnswer? answer = null;
        foreach (var data in new[] { row.Data.Says(free) ? null : free, controlled ? after : null }.OfType<CustomerData>())
        {
            var change = await Draft(CustomerChange.Kind, null, stamp, ct);
            change.PartyId = header.Id;
            var asks = ReferenceEquals(data, after) && controlled;
            var document = new CustomerChange(change, new CustomerRow(data, header.Id, row.Version + 1, asks), function);
            CustomerTables.Write(tx, change.Id, document.Row, held: false);
            Headers.Insert(tx, change);
            await tx.Flush(ct);
            var moved = await lifecycle.Submit(tx, stamp, document, ct);
            if (moved.IsRefused) return moved.Refusal;
            Headers.Update(tx, change);
            Audit(tx, stamp, "change", change, CustomerText.Of(change, row.Data), document.Snapshot);
            answer = new CustomerAnswer(header.Id, header.Number, header.Status, header.Version, change.Id, moved.Value.WaitsFor);
        }

        var version = await tx.Number($"select version from document where id = {header.Id}", ct);
        return answer! with { Version = version };
    }

    private async Task<Result> PostAtOnce(Tx tx, Stamp stamp, Document document, string action, string? reason, CancellationToken ct)
    {
        var header = document.Header;
        header.MoveTo(Status.Submitted, stamp);
        header.MoveTo(Status.Approved, stamp);
        var posted = await LifecycleDesk.PostNow(tx, stamp, document, ct);
        if (posted.IsRefused) return posted.Refusal;
        Headers.Insert(tx, header);
        Audit(tx, stamp, action, header, null, document.Snapshot, reason, header.Note);
        return Result.Done;
    }

    /// <summary>Locks a customer that may be changed: not merged, not erased.</summary>
    private async Task<Result<Header>> Lock(Tx tx, Stamp stamp, Guid id, long? version, string action, CancellationToken ct)
    {
        var party = tx.Later($"select state, canonical_id from party where id = {id}", row => (State: row.Text(0), Canonical: row.GuidOrNull(1)));
        var locked = await Headers.Lock(tx, function.Code, id, version, ct);
        if (party.Value is [{ State: "merged", Canonical: { } survivor }]) return DirectoryRefusals.Merged(survivor, "/id");
        if (party.Value is [{ State: "erased" }]) return DirectoryRefusals.Erased("/id");
        if (locked.IsRefused) return locked.Refusal.Status == 404 ? DirectoryRefusals.Unknown : locked.Refusal;
        if (locked.Value.Kind != Customer.Kind) return DirectoryRefusals.Unknown;
        // A customer belongs to the whole company: who may do this at their own branch may do it to the customers of another one.
        return stamp.May($"{function.Code}.{action}") ? locked.Value : CommandRunner.Denied($"{function.Code}.{action}");
    }

    private async Task<Result<CustomerData>> Read(Tx tx, Stamp stamp, CustomerRequest request, Guid id, CancellationToken ct) =>
        await CustomerReader.Read(tx, request, id, CustomerReader.CountryOf((await function.Organisation.Get(ct)).Branch(stamp.BranchId)), stamp.BusinessDate, ct);

    private async Task<Header> Draft(string kind, Guid? id, Stamp stamp, CancellationToken ct) =>
        Header.Draft(id ?? Ids.New(runner.Clock), function.Code, kind, stamp, (await function.Organisation.Get(ct)).Company.Currency.Code);

    private static async Task<Guid?> Pending(Tx tx, Guid id, CancellationToken ct) => await tx.First(
        $"select d.id from customer c join document d on d.id = c.document_id where c.of_id = {id} and c.controlled and d.status = 'submitted'", row => (Guid?)row.Guid(0), ct);

    private static Refusal? MasterData(string? text) => text is { Length: > 0 } said ? Kernel.MasterData.Check.Text(said.Trim(), "/text", 500) : null;

    private void Audit(Tx tx, Stamp stamp, string action, Header header, string? before, string? after, string? reason = null, string? text = null) =>
        AuditTrail.Stage(tx, new AuditEvent(stamp, function.Code, action, header.Kind, header.Id, Before: before, After: after, Reason: reason, ReasonText: text), runner.Clock);
}
