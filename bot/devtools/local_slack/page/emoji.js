/** The emoji that Slack names with :colons:, as far as people and bots use them here. */

const NAMES = `
smile 😄|grinning 😀|laughing 😆|joy 😂|slightly_smiling_face 🙂|wink 😉|blush 😊|heart_eyes 😍|thinking_face 🤔|neutral_face 😐
confused 😕|cry 😢|sob 😭|angry 😠|scream 😱|sweat_smile 😅|sunglasses 😎|nerd_face 🤓|partying_face 🥳|face_with_rolling_eyes 🙄
thumbsup 👍|+1 👍|thumbsdown 👎|-1 👎|clap 👏|wave 👋|raised_hands 🙌|pray 🙏|ok_hand 👌|muscle 💪|point_right 👉|point_up ☝️
point_down 👇|handshake 🤝|eyes 👀|brain 🧠|heart ❤️|broken_heart 💔|tada 🎉|sparkles ✨|fire 🔥|rocket 🚀|star ⭐|star2 🌟|zap ⚡
boom 💥|bulb 💡|dart 🎯|trophy 🏆|medal 🏅|crown 👑|gem 💎|gift 🎁|balloon 🎈|confetti_ball 🎊|100 💯|white_check_mark ✅
heavy_check_mark ✔️|ballot_box_with_check ☑️|x ❌|heavy_multiplication_x ✖️|negative_squared_cross_mark ❎|no_entry ⛔
no_entry_sign 🚫|warning ⚠️|rotating_light 🚨|exclamation ❗|question ❓|grey_question ❔|information_source ℹ️|stop_sign 🛑
octagonal_sign 🛑|large_green_circle 🟢|large_yellow_circle 🟡|large_orange_circle 🟠|red_circle 🔴|large_blue_circle 🔵
white_circle ⚪|black_circle ⚫|white_large_square ⬜|large_blue_square 🟦|hourglass ⌛|hourglass_flowing_sand ⏳|stopwatch ⏱️
alarm_clock ⏰|clock1 🕐|calendar 📅|spiral_calendar_pad 🗓️|date 📅|memo 📝|pencil 📝|pencil2 ✏️|clipboard 📋|page_facing_up 📄
scroll 📜|bookmark_tabs 📑|books 📚|book 📖|open_file_folder 📂|file_folder 📁|card_index_dividers 🗂️|package 📦
inbox_tray 📥|outbox_tray 📤|email 📧|envelope ✉️|bar_chart 📊|chart_with_upwards_trend 📈|chart_with_downwards_trend 📉
mag 🔍|mag_right 🔎|lock 🔒|unlock 🔓|key 🔑|shield 🛡️|hammer 🔨|wrench 🔧|hammer_and_wrench 🛠️|gear ⚙️|link 🔗|paperclip 📎
pushpin 📌|round_pushpin 📍|triangular_flag_on_post 🚩|checkered_flag 🏁|construction 🚧|building_construction 🏗️|door 🚪|bell 🔔
no_bell 🔕|mega 📣|loudspeaker 📢|speech_balloon 💬|thought_balloon 💭|left_speech_bubble 🗨️|robot_face 🤖|computer 💻
desktop_computer 🖥️|floppy_disk 💾|cd 💿|electric_plug 🔌|satellite 🛰️|globe_with_meridians 🌐|cloud ☁️|bug 🐛|test_tube 🧪
microscope 🔬|scales ⚖️|balance_scale ⚖️|moneybag 💰|credit_card 💳|busts_in_silhouette 👥|bust_in_silhouette 👤|raising_hand 🙋
woman-raising-hand 🙋‍♀️|technologist 🧑‍💻|detective 🕵️|arrow_right ➡️|arrow_left ⬅️|arrow_up ⬆️|arrow_down ⬇️|arrows_counterclockwise 🔄
repeat 🔁|leftwards_arrow_with_hook ↩️|fast_forward ⏩|double_vertical_bar ⏸️|black_square_for_stop ⏹️|arrow_forward ▶️|new 🆕|ok 🆗
one 1️⃣|two 2️⃣|three 3️⃣|four 4️⃣|five 5️⃣|heavy_plus_sign ➕|heavy_minus_sign ➖|coffee ☕|pizza 🍕|seedling 🌱|snail 🐌|turtle 🐢
ship 🚢|broom 🧹|wastebasket 🗑️|puzzle_piece 🧩|jigsaw 🧩|compass 🧭|world_map 🗺️|crystal_ball 🔮|traffic_light 🚦|label 🏷️
`;

/** name -> character(s) */
export const EMOJI = new Map(
  NAMES.trim()
    .split(/[|\n]/)
    .map((entry) => {
      const at = entry.lastIndexOf(" ");
      return [entry.slice(0, at).trim(), entry.slice(at + 1)];
    }),
);

/** The character for a name (a skin tone suffix is ignored), or null for an unknown name. */
export function emojiFor(name) {
  return EMOJI.get(name) ?? EMOJI.get(name.replace(/::skin-tone-\d$/, "")) ?? null;
}

/** Up to `limit` [name, character] pairs whose name holds `part`, those that begin with it first. */
export function matchEmoji(part, limit = 8) {
  const starts = [];
  const holds = [];
  for (const pair of EMOJI) {
    if (pair[0].startsWith(part)) starts.push(pair);
    else if (pair[0].includes(part)) holds.push(pair);
  }
  return [...starts, ...holds].slice(0, limit);
}
