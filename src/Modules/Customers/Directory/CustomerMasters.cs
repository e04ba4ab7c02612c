using Plug1.Kernel;
using Plug1.Kernel.Commands;
using Plug1.Kernel.MasterData;
using Plug1.Kernel.Storage;

namespace Plug1.Customers.Directory;

/// <summary>A customer group as the API tells it.</summary>
public sealed record CustomerGroupView(Guid Id, string Code, string Name, bool Active = true, long Version = 1);

/// <summary>What is entered of a customer group.</summary>
/// <param name="Code">Code.</param>
/// <param name="Name">Name.</param>
/// <param name="Active">Whether customers may be put into it.</param>
/// <param name="Id">Made by the sender (UUIDv7), or null.</param>
public sealed record CustomerGroupWrite(string Code, string Name, bool Active = true, Guid? Id = null);

/// <summary>An attribute of customers as the API tells it.</summary>
public sealed record CustomerAttributeView(Guid Id, string Code, string Name, string Type, IReadOnlyList<string> Options, bool Active = true, long Version = 1);

/// <summary>What is entered of an attribute of customers.</summary>
/// <param name="Code">Code.</param>
/// <param name="Name">Name.</param>
/// <param name="Type">text, number, date, boolean or choice; it stays.</param>
/// <param name="Options">The values of a choice.</param>
/// <param name="Active">Whether it is asked for.</param>
/// <param name="Id">Made by the sender (UUIDv7), or null.</param>
public sealed record CustomerAttributeWrite(string Code, string Name, string Type = "text", IReadOnlyList<string>? Options = null, bool Active = true, Guid? Id = null);

/// <summary>Customer groups.</summary>
public sealed class CustomerGroupMaster : Master<CustomerGroupView, CustomerGroupWrite>
{
    private const string Columns = "select id, code, name, active, version from customer_group";

    /// <inheritdoc/>
    public override string Function => DirectoryFunction.FunctionCode;

    /// <inheritdoc/>
    public override string Thing => "customer-group";

    /// <inheritdoc/>
    public override void Touch(Tx tx)
    {
        // Groups are read from the database whenever they are asked for.
    }

    /// <inheritdoc/>
    public override async Task<CustomerGroupView?> Find(Db db, string id, bool locked, CancellationToken ct) =>
        Guid.TryParse(id, out var key) ? await db.First($"{Sql.Raw(Columns)} where id = {key}{Lock(db, locked)}", row => Read(row), ct) : null;

    /// <inheritdoc/>
    public override async Task<MasterPage<CustomerGroupView>> List(Db db, MasterQuery query, CancellationToken ct) =>
        PageOf(await db.Query(Sql.Raw(Columns), row => Read(row), ct), query, row => row.Code, row => $"{row.Code} {row.Name}", row => row.Active);

    /// <inheritdoc/>
    public override (string Id, Guid? Object, long Version) KeyOf(CustomerGroupView view) => (view.Id.ToString(), view.Id, view.Version);

    /// <inheritdoc/>
    public override CustomerGroupWrite WriteOf(CustomerGroupView view) => new(view.Code, view.Name, view.Active, view.Id);

    /// <inheritdoc/>
    public override async Task<Result<CustomerGroupView>> Insert(Tx tx, CustomerGroupWrite write, Stamp stamp, CancellationToken ct)
    {
        var made = new CustomerGroupView(write.Id ?? Guid.CreateVersion7(stamp.At), write.Code, write.Name, write.Active);
        if (await Checked(tx, made, ct) is { } no) return no;
        tx.Stage($"insert into customer_group (id, code, name, active) values ({made.Id}, {made.Code}, {made.Name}, {made.Active})");
        return made;
    }

    /// <inheritdoc/>
    public override async Task<Result<CustomerGroupView>> Change(Tx tx, CustomerGroupView before, CustomerGroupWrite write, Stamp stamp, CancellationToken ct)
    {
        var after = new CustomerGroupView(before.Id, write.Code, write.Name, write.Active, before.Version + 1);
        if (await Checked(tx, after, ct) is { } no) return no;
        tx.Stage($"update customer_group set code = {after.Code}, name = {after.Name}, active = {after.Active}, version = {after.Version} where id = {after.Id}");
        return after;
    }

    private static async Task<Refusal?> Checked(Tx tx, CustomerGroupView group, CancellationToken ct) =>
        Check.First(Check.Code(group.Code), Check.Text(group.Name, "/name")) ?? (await Check.Taken(tx, "customer_group", "code", group.Code, group.Id, ct) ? MasterRefusals.CodeTaken("/code") : null);

    private static CustomerGroupView Read(Row row) => new(row.Guid(0), row.Text(1), row.Text(2), row.Bool(3), row.Long(4));
}

/// <summary>Attributes that customers have beside those of every customer.</summary>
public sealed class CustomerAttributeMaster : Master<CustomerAttributeView, CustomerAttributeWrite>
{
    private const string Columns = "select id, code, name, type, options, active, version from customer_attribute";

    private static readonly string[] Types = ["text", "number", "date", "boolean", "choice"];

    /// <inheritdoc/>
    public override string Function => DirectoryFunction.FunctionCode;

    /// <inheritdoc/>
    public override string Thing => "customer-attribute";

    /// <inheritdoc/>
    public override void Touch(Tx tx)
    {
        // Attributes are read from the database whenever they are asked for.
    }

    /// <inheritdoc/>
    public override async Task<CustomerAttributeView?> Find(Db db, string id, bool locked, CancellationToken ct) =>
        Guid.TryParse(id, out var key) ? await db.First($"{Sql.Raw(Columns)} where id = {key}{Lock(db, locked)}", row => Read(row), ct) : null;

    /// <inheritdoc/>
    public override async Task<MasterPage<CustomerAttributeView>> List(Db db, MasterQuery query, CancellationToken ct) =>
        PageOf(await db.Query(Sql.Raw(Columns), row => Read(row), ct), query, row => row.Code, row => $"{row.Code} {row.Name}", row => row.Active);

    /// <inheritdoc/>
    public override (string Id, Guid? Object, long Version) KeyOf(CustomerAttributeView view) => (view.Id.ToString(), view.Id, view.Version);

    /// <inheritdoc/>
    public override CustomerAttributeWrite WriteOf(CustomerAttributeView view) => new(view.Code, view.Name, view.Type, view.Options, view.Active, view.Id);

    /// <inheritdoc/>
    public override async Task<Result<CustomerAttributeView>> Insert(Tx tx, CustomerAttributeWrite write, Stamp stamp, CancellationToken ct)
    {
        var made = new CustomerAttributeView(write.Id ?? Guid.CreateVersion7(stamp.At), write.Code, write.Name, write.Type, write.Options ?? [], write.Active);
        if (await Checked(tx, made, ct) is { } no) return no;
        tx.Stage($"insert into customer_attribute (id, code, name, type, options, active) values ({made.Id}, {made.Code}, {made.Name}, {made.Type}, {string.Join('\n', made.Options)}, {made.Active})");
        return made;
    }

    /// <inheritdoc/>
    public override async Task<Result<CustomerAttributeView>> Change(Tx tx, CustomerAttributeView before, CustomerAttributeWrite write, Stamp stamp, CancellationToken ct)
    {
        var after = new CustomerAttributeView(before.Id, write.Code, write.Name, write.Type, write.Options ?? [], write.Active, before.Version + 1);
        if (after.Type != before.Type) return MasterRefusals.ChoiceInvalid("/type", [before.Type]);
        if (await Checked(tx, after, ct) is { } no) return no;
        tx.Stage($"update customer_attribute set code = {after.Code}, name = {after.Name}, options = {string.Join('\n', after.Options)}, active = {after.Active}, version = {after.Version} where id = {after.Id}");
        return after;
    }

    private static async Task<Refusal?> Checked(Tx tx, CustomerAttributeView attribute, CancellationToken ct)
    {
        if (Check.First(Check.Code(attribute.Code), Check.Text(attribute.Name, "/name")) is { } no) return no;
        if (!Types.Contains(attribute.Type)) return MasterRefusals.ChoiceInvalid("/type", Types);
        if (attribute.Options.Count > 100 || attribute.Type == "choice" != attribute.Options.Count > 0) return DirectoryRefusals.FieldInvalid("/options", "A choice has 1 to 100 values, and nothing else has any.");
        for (var at = 0; at < attribute.Options.Count; at++)
            if (Check.Text(attribute.Options[at], $"/options/{at}") is { } bad) return bad;
        return await Check.Taken(tx, "customer_attribute", "code", attribute.Code, attribute.Id, ct) ? MasterRefusals.CodeTaken("/code") : null;
    }

    private static CustomerAttributeView Read(Row row) =>
        new(row.Guid(0), row.Text(1), row.Text(2), row.Text(3), row.Text(4).Split('\n', StringSplitOptions.RemoveEmptyEntries), row.Bool(5), row.Long(6));
}
