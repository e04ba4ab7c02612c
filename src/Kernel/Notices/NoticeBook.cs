using Plug1.Kernel.Security;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Kernel.Notices;

/// <summary>Notices, written in the transaction of what they tell of, one row for each who is told.</summary>
public static class NoticeBook
{
    /// <summary>How long a notice is kept.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(90);

    private const int LongestTitle = 200, LongestText = 1000, AtOnce = 2_000;

    private static readonly Table Table = new("notice",
        ("id", Kind.Id), ("kind", Kind.Text), ("title", Kind.Text), ("text", Kind.Text), ("link", Kind.Text), ("subject_id", Kind.Id), ("version", Kind.Long), ("created_at", Kind.Instant));

    /// <summary>Gathers a notice for the next flush.</summary>
    public static void Stage(Tx tx, Notice notice, TimeProvider clock)
    {
        var (id, now) = (Ids.New(clock), Dialect.Micro(clock.GetUtcNow()));
        tx.Insert(Table, [[id, notice.Kind, Cut(notice.Title, LongestTitle), Cut(notice.Text, LongestText), notice.Link, notice.Subject, notice.Version, now]]);
        if (notice.ToUser is { } user)
        {
            if (user != Actor.SystemId && !notice.Except.Contains(user)) tx.Stage($"insert into notice_recipient (user_id, notice_id) select id, {id} from app_user where id = {user} and active");
            return;
        }

        Sql at = notice.BranchId is { } branch ? $" and (r.branch_id is null or r.branch_id = {branch})" : Sql.Raw("");
        var silent = Sql.List(notice.Except.Append(Actor.SystemId));
        tx.Stage($"""
            insert into notice_recipient (user_id, notice_id)
            select told.id, {id} from (
              select r.user_id as id from user_role r where r.role = {notice.ToRole}{at}
              union select g.to_user from user_role r join delegation g on g.from_user = r.user_id
                where r.role = {notice.ToRole}{at} and g.revoked_at is null and g.starts_at <= {now} and g.ends_at > {now}
            ) told join app_user u on u.id = told.id and u.active where not (told.id {silent})
            """);
        tx.Stage($"""
            insert into notice_recipient (user_id, notice_id)
            select distinct r.user_id, {id} from user_role r join app_user u on u.id = r.user_id and u.active
            where r.role = {RoleTemplates.Administrator}{at} and not (r.user_id {silent}) and not exists (select 1 from notice_recipient n where n.notice_id = {id})
            """);
    }

    /// <summary>Somebody's notices, the latest first.</summary>
    /// <param name="db">A session.</param>
    /// <param name="user">Whose.</param>
    /// <param name="unread">Only those that are new.</param>
    /// <param name="after">The last of the page before, or null.</param>
    /// <param name="limit">Rows at most.</param>
    /// <param name="ct">Cancellation.</param>
    public static Task<List<ReceivedNotice>> Page(Db db, Guid user, bool unread, Guid? after, int limit, CancellationToken ct)
    {
        // Identities grow with time, so their order is that of the notices.
        Sql older = after is { } last ? $" and r.notice_id < {last}" : Sql.Raw("");
        var onlyNew = Sql.Raw(unread ? " and r.read_at is null" : "");
        return db.Query($"""
            select n.id, n.kind, n.title, n.text, n.link, n.subject_id, n.version, n.created_at, r.read_at
            from notice_recipient r join notice n on n.id = r.notice_id where r.user_id = {user}{onlyNew}{older} order by r.notice_id desc limit {limit}
            """, row => new ReceivedNotice(row.Guid(0), row.Text(1), row.Text(2), row.Text(3), row.Text(4), row.GuidOrNull(5), row.LongOrNull(6), row.Instant(7), row.InstantOrNull(8)), ct);
    }

    /// <summary>How many are new.</summary>
    public static Task<long> Unread(Db db, Guid user, CancellationToken ct) => db.Number($"select count(*) from notice_recipient where user_id = {user} and read_at is null", ct);

    /// <summary>Marks somebody's notices as read: those named, or all when none is.</summary>
    public static void Read(Tx tx, Guid user, IReadOnlyCollection<Guid> notices, DateTimeOffset now)
    {
        Sql only = notices.Count > 0 ? $" and notice_id {Sql.List(notices)}" : Sql.Raw("");
        tx.Stage($"update notice_recipient set read_at = {now} where user_id = {user} and read_at is null{only}");
    }

    /// <summary>What they are about is settled: nobody needs to read them any more.</summary>
    public static void Settle(Tx tx, Guid subject, DateTimeOffset now) =>
        tx.Stage($"update notice_recipient set read_at = {now} where read_at is null and notice_id in (select id from notice where subject_id = {subject})");

    /// <summary>They are settled and say how, instead of asking still for what was done.</summary>
    /// <param name="tx">The transaction.</param>
    /// <param name="subject">What they are about.</param>
    /// <param name="kind">Only notices of this kind.</param>
    /// <param name="title">What they say from now on.</param>
    /// <param name="text">The sentence beside it.</param>
    /// <param name="now">Now.</param>
    public static void Settle(Tx tx, Guid subject, string kind, string title, string text, DateTimeOffset now)
    {
        Settle(tx, subject, now);
        tx.Stage($"update notice set title = {Cut(title, LongestTitle)}, text = {Cut(text, LongestText)} where subject_id = {subject} and kind = {kind}");
    }

    /// <summary>The same for several at once.</summary>
    public static void Settle(Tx tx, IReadOnlyCollection<Guid> subjects, DateTimeOffset now) =>
        tx.Stage($"update notice_recipient set read_at = {now} where read_at is null and notice_id in (select id from notice where subject_id {Sql.List(subjects)})");

    /// <summary>Forgets what is older than <see cref="Kept"/>, in pieces so that no till waits long for the writer.</summary>
    /// <returns>How many notices.</returns>
    public static async Task<int> Forget(Database database, DateTimeOffset now, CancellationToken ct)
    {
        var (before, all) = (Dialect.Micro(now - Kept), 0);
        while (true)
        {
            var gone = 0;
            await database.Write(async tx =>
            {
                var old = await tx.Query($"select id from notice where created_at < {before} order by created_at limit {AtOnce}", row => row.Guid(0), ct);
                if (old.Count == 0) return;
                await tx.Execute($"delete from notice_recipient where notice_id {Sql.List(old)}", ct);
                gone = await tx.Execute($"delete from notice where id {Sql.List(old)}", ct);
            }, ct);
            all += gone;
            if (gone < AtOnce) return all;
        }
    }

    private static string Cut(string text, int most) => text.Length <= most ? text : text[..(char.IsHighSurrogate(text[most - 2]) ? most - 2 : most - 1)] + "…";
}
