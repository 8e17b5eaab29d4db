// The libsrtp 3 stand-in against the reference packets of libsrtp's own tests
// (test/srtp_driver.c), for each of the four profiles: tampering, truncation,
// replay, buffer sizes, a sequence number that wraps, removal of a stream.
//
//   apt-get install g++ libsrtp2-dev
//   g++ -std=c++20 -fsanitize=address,undefined -I../stand-ins/libsrtp3/include srtp-stand-in.cpp -lsrtp2
//   ./a.out
#include <srtp.h>

#include <arpa/inet.h>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#define REQUIRE(condition)                                                        \
	do                                                                              \
	{                                                                               \
		if (!(condition))                                                             \
		{                                                                             \
			std::printf("failed at line %d: %s\n", __LINE__, #condition);               \
			std::exit(1);                                                               \
		}                                                                             \
	} while (0)

using Bytes = std::vector<std::uint8_t>;

static Bytes bytes(const std::string& hex)
{
	Bytes result;

	for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
	{
		result.push_back(static_cast<std::uint8_t>(std::stoi(hex.substr(i, 2), nullptr, 16)));
	}

	return result;
}

static srtp_t createSession(srtp_profile_t profile, srtp_ssrc_type_t type, const Bytes& secret)
{
	const auto keyLength  = srtp_profile_get_master_key_length(profile);
	const auto saltLength = srtp_profile_get_master_salt_length(profile);
	const auto* key       = secret.data();
	const auto* salt      = key + keyLength;

	srtp_policy_t policy{ nullptr };
	REQUIRE(srtp_policy_create(&policy) == srtp_err_status_ok);

	srtp_t session{ nullptr };
	REQUIRE(srtp_create(&session, policy) == srtp_err_status_bad_param);
	REQUIRE(srtp_policy_set_window_size(policy, 63) == srtp_err_status_bad_param);

	srtp_ssrc_t ssrc{};
	ssrc.type = type;
	REQUIRE(srtp_policy_set_ssrc(policy, ssrc) == srtp_err_status_ok);

	const auto addKey = [&](std::size_t salts, const std::uint8_t* mki, std::size_t mkiLength)
	{
		return srtp_policy_add_key(policy, key, keyLength, salt, salts, mki, mkiLength);
	};

	REQUIRE(addKey(saltLength, nullptr, 0) == srtp_err_status_bad_param); // no profile yet
	REQUIRE(srtp_policy_set_profile(policy, profile) == srtp_err_status_ok);
	REQUIRE(addKey(saltLength + 1, nullptr, 0) == srtp_err_status_bad_param);
	REQUIRE(addKey(saltLength, key, 4) == srtp_err_status_bad_param);
	REQUIRE(addKey(saltLength, nullptr, 0) == srtp_err_status_ok);
	REQUIRE(addKey(saltLength, nullptr, 0) == srtp_err_status_bad_param); // one key only
	REQUIRE(srtp_policy_set_allow_repeat_tx(policy, true) == srtp_err_status_ok);
	REQUIRE(srtp_policy_set_window_size(policy, 1024) == srtp_err_status_ok);
	REQUIRE(srtp_create(&session, policy) == srtp_err_status_ok);
	srtp_policy_destroy(policy);

	return session;
}

using Unprotect =
  srtp_err_status_t (*)(srtp_t, const std::uint8_t*, std::size_t, std::uint8_t*, std::size_t*);

static srtp_err_status_t open(Unprotect unprotect, srtp_t session, const Bytes& packet, Bytes& plain)
{
	// In a buffer of exactly the packet's size, so that a sanitizer sees every overrun.
	plain              = packet;
	std::size_t length = plain.size();
	const auto status  = unprotect(session, plain.data(), plain.size(), plain.data(), &length);
	plain.resize(status == srtp_err_status_ok ? length : 0);

	return status;
}

// Every flipped bit and every cut is refused without disturbing the real packet,
// which is accepted once.
static void attack(Unprotect unprotect, srtp_t receiver, const Bytes& packet, const Bytes& expected)
{
	Bytes plain;

	for (std::size_t i = 0; i < packet.size(); ++i)
	{
		Bytes flipped = packet;
		flipped[i] ^= 0x01;
		REQUIRE(open(unprotect, receiver, flipped, plain) != srtp_err_status_ok);

		const Bytes cut(packet.begin(), packet.begin() + static_cast<std::ptrdiff_t>(i));
		REQUIRE(i == 0 || open(unprotect, receiver, cut, plain) != srtp_err_status_ok);
	}

	REQUIRE(open(unprotect, receiver, packet, plain) == srtp_err_status_ok);
	REQUIRE(plain == expected);
	REQUIRE(open(unprotect, receiver, packet, plain) == srtp_err_status_replay_fail);
}

// 70,000 packets: the sequence number wraps and both sides count the roll-over.
static void roundTrips(srtp_t sender, srtp_t receiver, const Bytes& rtp, std::size_t tagLength)
{
	for (std::uint32_t i = 1; i <= 70'000; ++i)
	{
		Bytes packet(rtp.begin(), rtp.begin() + 12);
		const std::uint16_t sequence = static_cast<std::uint16_t>(0x1234 + i);
		packet[2]                    = static_cast<std::uint8_t>(sequence >> 8);
		packet[3]                    = static_cast<std::uint8_t>(sequence & 0xff);
		packet.resize(12 + i % 1300, static_cast<std::uint8_t>(i));

		Bytes wire(packet.size() + SRTP_MAX_TAG_LEN);
		std::size_t length = wire.size();
		REQUIRE(
		  srtp_protect(sender, packet.data(), packet.size(), wire.data(), &length, 0) ==
		  srtp_err_status_ok);
		REQUIRE(length == packet.size() + tagLength);
		wire.resize(length);

		Bytes plain;
		REQUIRE(open(srtp_unprotect, receiver, wire, plain) == srtp_err_status_ok);
		REQUIRE(plain == packet);
	}
}

struct Profile
{
	srtp_profile_t profile;
	Bytes secret;
	Bytes srtp;  // empty: no reference packet
	Bytes srtcp; // empty: no reference packet
	std::size_t tagLength;
	std::size_t rtcpGrowth;
};

static void verify(const Profile& profile)
{
	const Bytes rtp  = bytes("800f1234decafbadcafebabeabababababababababababababababab");
	const Bytes rtcp = bytes("81c8000bcafebabeabababababababababababababababab");

	srtp_t sender   = createSession(profile.profile, ssrc_any_outbound, profile.secret);
	srtp_t receiver = createSession(profile.profile, ssrc_any_inbound, profile.secret);

	Bytes packet(2048);
	std::size_t length = packet.size();
	const auto protect = [&](std::size_t mki)
	{
		return srtp_protect(sender, rtp.data(), rtp.size(), packet.data(), &length, mki);
	};

	REQUIRE(protect(1) == srtp_err_status_bad_mki);
	length = rtp.size() + 3;
	REQUIRE(protect(0) == srtp_err_status_buffer_small);
	length = packet.size();
	REQUIRE(protect(0) == srtp_err_status_ok);
	REQUIRE(length == rtp.size() + profile.tagLength);
	const Bytes wire(packet.begin(), packet.begin() + static_cast<std::ptrdiff_t>(length));
	REQUIRE(profile.srtp.empty() || wire == profile.srtp);

	// Sent again, as a retransmission without RTX is: the same bytes.
	length = packet.size();
	REQUIRE(protect(0) == srtp_err_status_ok);
	REQUIRE(Bytes(packet.begin(), packet.begin() + static_cast<std::ptrdiff_t>(length)) == wire);
	attack(srtp_unprotect, receiver, wire, rtp);

	length = packet.size();
	REQUIRE(
	  srtp_protect_rtcp(sender, rtcp.data(), rtcp.size(), packet.data(), &length, 0) ==
	  srtp_err_status_ok);
	REQUIRE(length == rtcp.size() + profile.rtcpGrowth);
	packet.resize(length);
	REQUIRE(profile.srtcp.empty() || packet == profile.srtcp);
	attack(srtp_unprotect_rtcp, receiver, packet, rtcp);

	roundTrips(sender, receiver, rtp, profile.tagLength);

	REQUIRE(srtp_stream_remove(receiver, htonl(0xcafebabe)) == srtp_err_status_ok);
	REQUIRE(srtp_stream_remove(receiver, htonl(0xcafebabe)) == srtp_err_status_no_ctx);
	REQUIRE(srtp_dealloc(sender) == srtp_err_status_ok);
	REQUIRE(srtp_dealloc(receiver) == srtp_err_status_ok);
}

int main()
{
	const Bytes sha1Secret = bytes("e1f97a0d3e018be0d64fa32c06de41390ec675ad498afeebb6960b3aabe6");
	const Bytes gcm128Secret = bytes("000102030405060708090a0b0c0d0e0fa0a1a2a3a4a5a6a7a8a9aaab");
	Bytes gcm256Secret(44);

	for (std::size_t i = 0; i < gcm256Secret.size(); ++i)
	{
		gcm256Secret[i] = static_cast<std::uint8_t>(i * 5 + 3);
	}

	REQUIRE(srtp_init() == srtp_err_status_ok);
	verify({ srtp_profile_aes128_cm_sha1_80,
	         sha1Secret,
	         bytes("800f1234decafbadcafebabe4e55dc4ce79978d88ca4d215949d2402b78d6acc99ea179b8dbb"),
	         bytes("81c8000bcafebabe7128035be487b9bdbef89041f977a5a880000001993e08cd54d6c1230798"),
	         10,
	         14 });
	verify({ srtp_profile_aes128_cm_sha1_32, sha1Secret, {}, {}, 4, 14 });
	verify({ srtp_profile_aead_aes_128_gcm,
	         gcm128Secret,
	         bytes("800f1234decafbadcafebabec5002ede04cfdd2eb91159e0880aa06ed2976826f796b201df3131a127e8a392"),
	         bytes("81c8000bcafebabec98b8b5df0392a55852b6c21ac8e7025c52c6fbea2b3b446ea31123ba88ce61e80000001"),
	         16,
	         20 });
	verify({ srtp_profile_aead_aes_256_gcm, gcm256Secret, {}, {}, 16, 20 });
	REQUIRE(srtp_shutdown() == srtp_err_status_ok);
	std::puts("The stand-in behaves as libsrtp 3 in all four profiles.");
}
