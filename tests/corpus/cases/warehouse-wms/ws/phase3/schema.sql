-- dumped 2026-02-11, mysql 8
CREATE TABLE `articles` (
  `sku` varchar(32) NOT NULL,
  `description` varchar(255) NOT NULL,
  `ean` char(13) DEFAULT NULL,
  `weight_g` int unsigned NOT NULL,
  `hazmat` tinyint(1) NOT NULL DEFAULT '0',
  `abc_class` enum('A','B','C') NOT NULL DEFAULT 'C',
  PRIMARY KEY (`sku`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE `bins` (
  `id` int NOT NULL AUTO_INCREMENT,
  `label` varchar(16) NOT NULL COMMENT 'aisle-rack-level, eg 04-12-C',
  `zone` enum('shelf','pallet','cold','quarantine') NOT NULL,
  `max_weight_g` bigint DEFAULT NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `uq_label` (`label`)
) ENGINE=InnoDB;

CREATE TABLE `stock_levels` (
  `bin_id` int NOT NULL,
  `sku` varchar(32) NOT NULL,
  `quantity` int NOT NULL DEFAULT '0',
  `counted_at` datetime DEFAULT NULL,
  PRIMARY KEY (`bin_id`,`sku`),
  CONSTRAINT `fk_sl_bin` FOREIGN KEY (`bin_id`) REFERENCES `bins` (`id`),
  CONSTRAINT `fk_sl_art` FOREIGN KEY (`sku`) REFERENCES `articles` (`sku`)
) ENGINE=InnoDB;

CREATE TABLE `deliveries` (
  `id` int NOT NULL AUTO_INCREMENT,
  `supplier_name` varchar(120) NOT NULL,
  `expected_on` date NOT NULL,
  `status` enum('announced','arrived','checked','stored') NOT NULL DEFAULT 'announced',
  PRIMARY KEY (`id`)
);

CREATE TABLE `delivery_lines` (
  `id` int NOT NULL AUTO_INCREMENT,
  `delivery_id` int NOT NULL,
  `sku` varchar(32) NOT NULL,
  `expected_qty` int NOT NULL,
  `received_qty` int DEFAULT NULL,
  PRIMARY KEY (`id`),
  KEY `ix_delivery` (`delivery_id`),
  CONSTRAINT `fk_dl_del` FOREIGN KEY (`delivery_id`) REFERENCES `deliveries` (`id`) ON DELETE CASCADE,
  CONSTRAINT `fk_dl_art` FOREIGN KEY (`sku`) REFERENCES `articles` (`sku`)
);
/* legacy, do not port:
CREATE TABLE `label_printers` (`id` int, `ip` varchar(15));
*/
