using Plug1.Kernel.Storage;

namespace Plug1.Kernel.Security;

/// <summary>A person or program that may sign in, with what proves it. Never leaves this folder; <see cref="UserAccount"/> does.</summary>
internal sealed class User
{
    /// <summary>The columns, in the order in which <see cref="Read"/> takes them.</summary>
    public static readonly Sql Columns = Sql.Raw(
        "u.id, u.user_name, u.user_key, u.name, u.password_hash, u.security_stamp, u.totp_secret, u.totp_pending, u.totp_recent, u.active, u.must_change, u.version");

    public required Guid Id { get; init; }

    public required string UserName { get; init; }

    public required string Key { get; set; }

    public required string Name { get; init; }

    public string? PasswordHash { get; set; }

    public required string SecurityStamp { get; set; }

    public byte[]? TotpSecret { get; set; }

    public byte[]? TotpPending { get; init; }

    public string TotpRecent { get; init; } = "";

    public bool Active { get; init; }

    public bool MustChange { get; init; }

    public long Version { get; init; }

    public bool MaySignIn => Active && PasswordHash is not null && Id != Actor.SystemId;

    /// <summary>How a name is compared: without case.</summary>
    public static string KeyOf(string userName) => userName.Trim().ToUpperInvariant();

    /// <summary>Whether a name has only the characters that look alike to everybody.</summary>
    public static bool IsName(string userName) =>
        userName.Length is >= 2 and <= 64 && userName.All(sign => char.IsAsciiLetterOrDigit(sign) || sign is '.' or '_' or '-' or '@' or '+');

    public static User Read(Row row) => new()
    {
        Id = row.Guid(0),
        UserName = row.Text(1),
        Key = row.Text(2),
        Name = row.Text(3),
        PasswordHash = row.TextOrNull(4),
        SecurityStamp = row.Text(5),
        TotpSecret = row.BytesOrNull(6),
        TotpPending = row.BytesOrNull(7),
        TotpRecent = row.Text(8),
        Active = row.Bool(9),
        MustChange = row.Bool(10),
        Version = row.Long(11),
    };

    public static Task<User?> ByKey(Db db, string key, CancellationToken ct) =>
        db.First($"select {Columns} from app_user u where u.user_key = {key}", Read, ct);

    public static Task<User?> ById(Db db, Guid id, CancellationToken ct) =>
        db.First($"select {Columns} from app_user u where u.id = {id}", Read, ct);
}
